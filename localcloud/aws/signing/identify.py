"""Names the principal of a call, or refuses a call that nobody can have made as it came."""

from __future__ import annotations

from localcloud.aws import replies
from localcloud.aws.call import Call
from localcloud.aws.caller import ANONYMOUS, Caller
from localcloud.aws.credentials import Find
from localcloud.aws.signing import chunked, form, posted, signature
from localcloud.aws.signing.verify import verify

# What GetSessionToken gives is good for all but IAM, and of STS for these alone: there is no second factor here.
# https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
_OF_SESSIONS = ("AssumeRole", "GetCallerIdentity", "GetSessionToken")
# The token that they bring is what shows who asks.
UNSIGNED = {("sts", "AssumeRoleWithWebIdentity"), ("sts", "AssumeRoleWithSAML")}


def identify(call: Call, find: Find) -> tuple[Caller, Call]:
    """Who makes a call, and the call as it was meant: a body out of its chunks, a form as its PutObject.

    Nobody makes it (`ANONYMOUS`) where the service answers calls that are not signed.
    Raises AwsError: no signature, one that is wrong or too old, an unknown key, or one whose time is over.
    """
    if form.is_form(call):
        return posted.identify(call, find)
    signed = signature.read(call)
    if signed is None:
        if call.service != "s3" and (call.service, call.action) not in UNSIGNED:
            raise replies.NO_KEY
        return ANONYMOUS, chunked.opened(call, None, "") if chunked.is_chunked(call) else call
    known = find(signed.access_key_id)
    verify(call, signed, known)
    _check_reach(known.caller, call)
    if chunked.is_chunked(call):
        call = chunked.opened(call, signed, known.secret_access_key)
    return known.caller, call


def _check_reach(caller: Caller, call: Call) -> None:
    of_user = caller.kind == "user" and caller.issued is not None
    if of_user and (call.service == "iam" or (call.service == "sts" and call.action not in _OF_SESSIONS)):
        raise replies.UNKNOWN_KEY
