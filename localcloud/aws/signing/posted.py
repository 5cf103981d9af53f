"""Who lets a browser post a form: whoever signed its policy."""

from __future__ import annotations

from datetime import UTC, datetime

from localcloud.aws.call import Call
from localcloud.aws.caller import ANONYMOUS, Caller
from localcloud.aws.credentials import Credentials, Find
from localcloud.aws.signing import errors, form, post_policy, sigv4
from localcloud.aws.signing.form import Form
from localcloud.aws.signing.signature import ALGORITHM, TIME, Signature, check_scope
from localcloud.aws.signing.verify import check_token, wrong_signature

_FIELDS = ("policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature")


def identify(call: Call, find: Find) -> tuple[Caller, Call]:
    """The signer of a form's policy, and the PutObject that the form stands for.

    Raises AwsError: the form is malformed, its signature is wrong, or its policy does not allow what it holds.
    """
    if "authorization" in call.headers:
        raise errors.refuse("InvalidArgument", 400, errors.BOTH_WAYS)
    given = form.read(call)
    if not any(name in given.fields for name in (*_FIELDS, "awsaccesskeyid", "signature")):
        return ANONYMOUS, given.put(call)
    signed = _signature(call, given)
    known = find(signed.access_key_id)
    check_token(signed, known)
    _verify(call, given, signed, known)
    fields = {**given.fields, "bucket": given.bucket}
    post_policy.read(given.fields["policy"]).signed_at(signed.moment).check(fields, len(given.content))
    return known.caller, given.put(call)


def _signature(call: Call, given: Form) -> Signature:
    said = given.fields
    if "awsaccesskeyid" in said:
        raise errors.refuse("InvalidRequest", 400, errors.OLD)
    for name in _FIELDS:
        if not said.get(name):
            message = f"Bucket POST must contain a field named '{name}'.  If it is specified, please check the order"
            raise errors.refuse("InvalidArgument", 400, f"{message} of the fields.", ArgumentName=name)
    if said["x-amz-algorithm"] != ALGORITHM:
        message = f'x-amz-algorithm only supports "{ALGORITHM}"'
        raise errors.refuse("InvalidArgument", 400, message, ArgumentName="x-amz-algorithm")
    timestamp = said["x-amz-date"]
    try:
        moment = datetime.strptime(timestamp, TIME).replace(tzinfo=UTC)
    except ValueError:
        raise errors.NO_DATE from None
    key, scope = check_scope(call, said["x-amz-credential"], timestamp, in_query=True)
    token = said.get("x-amz-security-token")
    return Signature("form", key, scope, (), said["x-amz-signature"], moment, timestamp, session_token=token)


def _verify(call: Call, given: Form, signed: Signature, known: Credentials) -> None:
    policy = given.fields["policy"]
    right = sigv4.sign(sigv4.signing_key(known.secret_access_key, signed.scope), policy)
    if not sigv4.equal(right, signed.value):
        raise wrong_signature(call, signed, policy)
