"""Names the principal of a call, or refuses a call that nobody can have made."""

from __future__ import annotations

from localcloud.aws import credentials, replies
from localcloud.aws.call import Call
from localcloud.aws.caller import ANONYMOUS, Caller


def identify(call: Call, account: str) -> Caller:
    """The principal that signed; nobody where the service answers calls that are not signed.

    Raises AwsError: no signature, an unknown key, or one whose time is over.
    """
    if call.access_key_id is None:
        if call.service == "s3" or (call.service, call.action) in UNSIGNED:
            return ANONYMOUS
        raise replies.NO_KEY
    if call.expired:
        raise replies.EXPIRED_URL
    return credentials.find(call.access_key_id, account).caller


# The token that they bring is what shows who asks.
UNSIGNED = {("sts", "AssumeRoleWithWebIdentity"), ("sts", "AssumeRoleWithSAML")}
