"""Reads what a request says of its signature, in its header or in its query, and refuses what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Literal

from localcloud.aws.call import Call
from localcloud.aws.replies import NO_KEY, AwsError
from localcloud.aws.signing import errors

ALGORITHM = "AWS4-HMAC-SHA256"
ASYMMETRIC = "AWS4-ECDSA-P256-SHA256"
WEEK = 604_800
TIME = "%Y%m%dT%H%M%SZ"
IN_QUERY = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders")
_TERMINATOR = "aws4_request"
_REGION = re.compile(r"[a-z]{2,6}(-[a-z]+)+-\d{1,2}")


@dataclass(frozen=True)
class Signature:
    """What a client says that it signed, and how."""

    how: Literal["header", "query", "form"]
    access_key_id: str
    scope: str  # DATE/REGION/SERVICE/aws4_request
    signed_headers: tuple[str, ...]
    value: str
    moment: datetime
    timestamp: str  # the moment, as it was signed
    lifetime: timedelta | None = None  # of a presigned URL
    session_token: str | None = None

    @property
    def date(self) -> str:
        """The day that the signing key is good for."""
        return self.scope.split("/")[0]


def read(call: Call) -> Signature | None:
    """The signature of a call; None where it has none.

    Raises AwsError: it cannot be read, is made in a way that AWS does not take, or for something else.
    """
    authorization = call.headers.get("authorization", "")
    in_query = any(name in call.query for name in IN_QUERY)
    if authorization and (in_query or "Signature" in call.query):
        raise errors.refuse("InvalidArgument", 400, errors.BOTH_WAYS)
    if authorization:
        return _from_header(call, authorization)
    if in_query:
        return _from_query(call)
    if call.protocol == "s3" and "AWSAccessKeyId" in call.query:
        raise errors.refuse("InvalidRequest", 400, errors.OLD)
    return None


def _from_header(call: Call, authorization: str) -> Signature:
    s3 = call.protocol == "s3"
    algorithm, _, rest = authorization.partition(" ")
    if algorithm == ASYMMETRIC:
        raise NotImplementedError("signatures for several regions (SigV4a)")
    if algorithm != ALGORITHM:
        raise _other_scheme(algorithm, s3=s3)
    fields = dict(_field(part, authorization, s3=s3) for part in rest.split(",") if part.strip())
    missing = [name for name in ("Credential", "Signature", "SignedHeaders") if not fields.get(name)]
    if missing and s3:
        raise errors.malformed(f"missing {missing[0]}.", in_query=False)
    moment, timestamp = _moment(call, authorization)
    if missing:
        raise _lacking_in_header(missing, algorithm)
    key, scope = check_scope(call, fields["Credential"], timestamp, in_query=False)
    signed = tuple(fields["SignedHeaders"].lower().split(";"))
    token = call.headers.get("x-amz-security-token")
    return Signature("header", key, scope, signed, fields["Signature"], moment, timestamp, session_token=token)


def _lacking_in_header(missing: Iterable[str], algorithm: str) -> AwsError:
    lacks = " ".join(f"Authorization header requires '{name}' parameter." for name in missing)
    return errors.incomplete(f"{lacks} Authorization={algorithm}")


def _other_scheme(algorithm: str, *, s3: bool) -> AwsError:
    if algorithm == "AWS":
        return errors.refuse("InvalidRequest", 400, errors.OLD) if s3 else NO_KEY
    if s3:
        return errors.refuse("InvalidArgument", 400, "Unsupported Authorization Type", ArgumentName="Authorization")
    return _lacking_in_header(("Credential", "Signature", "SignedHeaders"), algorithm)


def _field(part: str, authorization: str, *, s3: bool) -> tuple[str, str]:
    name, equals, value = part.strip().partition("=")
    if not equals and s3:
        raise errors.malformed(f"the value '{name}' is not a key=value pair.", in_query=False)
    if not equals:
        raise errors.incomplete(
            f"'{name}' not a valid key=value pair (missing equal-sign) in Authorization header: '{authorization}'."
        )
    return name, value.strip()


def _moment(call: Call, authorization: str) -> tuple[datetime, str]:
    stamp, date = call.headers.get("x-amz-date"), call.headers.get("date")
    try:
        if stamp:
            return _instant(stamp), stamp
        if date:
            moment = _instant(date) if date.endswith("Z") else parsedate_to_datetime(date).astimezone(UTC)
            return moment, moment.strftime(TIME)
    except ValueError:
        if call.protocol != "s3":
            said = f"Date must be in ISO-8601 'basic format'. Got '{stamp or date}'. See http://en.wikipedia.org/wiki/ISO_8601"
            raise errors.incomplete(said) from None
    if call.protocol == "s3":
        raise errors.NO_DATE
    lacks = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
    raise errors.incomplete(f"{lacks} Authorization={authorization.split(' ', maxsplit=1)[0]}")


def _from_query(call: Call) -> Signature:
    said = {name: call.query.get(name, [""])[0] for name in (*IN_QUERY, "X-Amz-Expires")}
    s3 = call.protocol == "s3"
    if said["X-Amz-Algorithm"] == ASYMMETRIC:
        raise NotImplementedError("signatures for several regions (SigV4a)")
    needed = (*IN_QUERY, "X-Amz-Expires") if s3 else IN_QUERY
    if not all(said[name] for name in needed):
        raise _lacking(s3=s3)
    if said["X-Amz-Algorithm"] != ALGORITHM:
        only = f'X-Amz-Algorithm only supports "{ALGORITHM} and {ASYMMETRIC}"'
        raise (
            errors.malformed(only, in_query=True) if s3 else errors.incomplete(f"Unsupported AWS 'algorithm': {only}")
        )
    try:
        moment = _instant(said["X-Amz-Date"])
    except ValueError:
        wrong = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
        raise errors.malformed(wrong, in_query=True) if s3 else errors.incomplete(wrong) from None
    lifetime = _lifetime(said["X-Amz-Expires"]) if s3 else _short(said["X-Amz-Expires"])
    key, scope = check_scope(call, said["X-Amz-Credential"], said["X-Amz-Date"], in_query=True)
    token = call.query.get("X-Amz-Security-Token", [None])[0]
    signed = tuple(said["X-Amz-SignedHeaders"].lower().split(";"))
    return Signature(
        "query", key, scope, signed, said["X-Amz-Signature"], moment, said["X-Amz-Date"], lifetime, token
    )


def _lacking(*, s3: bool) -> AwsError:
    if not s3:
        return errors.incomplete(
            "AWS query-string parameters must include " + ", ".join(f"'{one}'" for one in IN_QUERY)
        )
    return errors.malformed(
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
        "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
        in_query=True,
    )


def _lifetime(expires: str) -> timedelta:
    if not re.fullmatch(r"-?[0-9]{1,18}", expires):
        raise errors.malformed("X-Amz-Expires should be a number", in_query=True)
    if int(expires) < 1:
        raise errors.malformed("X-Amz-Expires must be non-negative", in_query=True)
    if int(expires) > WEEK:
        week = (
            "X-Amz-Expires must be less than a week (in seconds) that is, the given X-Amz-Expires must be less than"
        )
        raise errors.malformed(f"{week} {WEEK} seconds", in_query=True)
    return timedelta(seconds=int(expires))


def _short(expires: str) -> timedelta:
    """Elsewhere than at S3 a presigned call lives no longer than a signed one."""
    longest = timedelta(minutes=15)
    return min(timedelta(seconds=int(expires)), longest) if re.fullmatch(r"[0-9]{1,9}", expires) else longest


def check_scope(call: Call, credential: str, timestamp: str, *, in_query: bool) -> tuple[str, str]:
    """The access key and the scope of a credential; AwsError where it is for another day, region or service."""
    key, *scope = credential.rsplit("/", 4)
    if call.protocol == "s3":
        _check_scope_of_s3(call, key, scope, timestamp, in_query=in_query)
    else:
        _check_scope(call, key, scope, timestamp)
    return key, "/".join(scope)


def _check_scope(call: Call, key: str, scope: list[str], timestamp: str) -> None:
    if len(scope) != 4 or not key:
        raise errors.incomplete(
            f"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
            f"got '{'/'.join([key, *scope])}'"
        )
    date, region, service, terminator = scope
    if terminator != _TERMINATOR:
        raise errors.mismatch(
            f"Credential should be scoped with a valid terminator: '{_TERMINATOR}', not '{terminator}'."
        )
    if not _REGION.fullmatch(region):
        raise errors.mismatch(f"Credential should be scoped to a valid region, not '{region}'.")
    if call.meant_for and service != call.meant_for:
        raise errors.mismatch(f"Credential should be scoped to correct service: '{call.meant_for}'.")
    if date != timestamp[:8]:
        raise errors.mismatch(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{date}' != '{timestamp[:8]}', from '{timestamp}'."
        )


def _check_scope_of_s3(call: Call, key: str, scope: list[str], timestamp: str, *, in_query: bool) -> None:
    if len(scope) != 4 or not key:
        form = 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
        raise errors.malformed(form, in_query=in_query)
    date, region, service, terminator = scope
    if not re.fullmatch(r"[0-9]{8}", date):
        wrong = f'incorrect date "{date}". This date in the credential must be in the format "yyyyMMdd".'
        raise errors.malformed(wrong, in_query=in_query)
    if terminator != _TERMINATOR:
        wrong = f'incorrect terminal "{terminator}". This endpoint uses "{_TERMINATOR}".'
        raise errors.malformed(wrong, in_query=in_query)
    if service != "s3":
        raise errors.malformed(f'incorrect service "{service}". This endpoint belongs to "s3".', in_query=in_query)
    if not _REGION.fullmatch(region):
        wrong = f"the region '{region}' is wrong; expecting 'us-east-1'"
        raise errors.malformed(wrong, in_query=in_query, Region="us-east-1")
    if date != timestamp[:8]:
        wrong = f'Invalid credential date "{date}". This date is not the same as X-Amz-Date: "{timestamp[:8]}".'
        raise errors.malformed(wrong, in_query=in_query)


@lru_cache(maxsize=64)  # many calls in a second say the same
def _instant(stamp: str) -> datetime:
    return datetime.strptime(stamp, TIME).replace(tzinfo=UTC)
