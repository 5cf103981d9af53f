"""Whether a request was signed by whoever holds the key, lately, and as it has arrived."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from localcloud.aws.call import Call
from localcloud.aws.credentials import Credentials
from localcloud.aws.replies import UNKNOWN_KEY, AwsError
from localcloud.aws.signing import errors, sigv4
from localcloud.aws.signing.signature import TIME, Signature
from localcloud.machine import clock

SKEW = timedelta(minutes=15)
STREAMED = (
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
)
_HASH = re.compile(r"[0-9a-f]{64}")
_WRONG = "The request signature we calculated does not match the signature you provided. Check your "


def verify(call: Call, signature: Signature, known: Credentials) -> None:
    """Raise the AwsError that AWS answers to a signature that is not right, or is no longer."""
    check_token(signature, known)
    _check_time(call, signature)
    _check_signed_headers(call, signature)
    payload_hash = _payload_hash(call, signature)
    canonical = sigv4.canonical_request(
        call.method, call.target, call.headers, signature.signed_headers, payload_hash, s3=call.protocol == "s3"
    )
    text = sigv4.string_to_sign(signature.timestamp, signature.scope, canonical)
    right = sigv4.sign(sigv4.signing_key(known.secret_access_key, signature.scope), text)
    if not sigv4.equal(right, signature.value):
        raise wrong_signature(call, signature, text, canonical)
    if call.protocol == "s3" and _HASH.fullmatch(payload_hash):
        _check_body(call, payload_hash)


def wrong_signature(call: Call, signature: Signature, text: str, canonical: str = "") -> AwsError:
    """What is said of a signature that another key made, or that was made of another request."""
    if call.protocol != "s3":
        service = "AWS Secret Access Key and signing method. Consult the service documentation for details."
        return errors.mismatch(_WRONG + service)
    details = {
        "AWSAccessKeyId": signature.access_key_id,
        "StringToSign": text,
        "SignatureProvided": signature.value,
        "StringToSignBytes": text.encode("latin-1", "replace").hex(" "),
    }
    if canonical:
        bytes_ = canonical.encode("latin-1", "replace").hex(" ")
        details |= {"CanonicalRequest": canonical, "CanonicalRequestBytes": bytes_}
    return errors.refuse("SignatureDoesNotMatch", 403, _WRONG + "key and signing method.", **details)


def check_token(signature: Signature, known: Credentials) -> None:
    """Refuse a session's key without its own token, and a token with another key."""
    given, right = signature.session_token, known.session_token
    if right is None and given is None:
        return
    if given is None:
        raise UNKNOWN_KEY
    if right is None or not sigv4.equal(given, right):
        raise errors.BAD_TOKEN


def _check_time(call: Call, signature: Signature) -> None:
    """Clients sign by the machine's clock; how long a link lives is told by the cloud's."""
    real = datetime.now(UTC)
    if signature.moment > real + SKEW and signature.how == "query" and call.protocol == "s3":
        raise errors.refuse("AccessDenied", 403, "Request is not yet valid")
    if signature.lifetime is not None:
        _check_lifetime(call, signature, signature.lifetime)
    elif abs(signature.moment - real) > SKEW and call.protocol == "s3":
        raise errors.refuse(
            "RequestTimeTooSkewed",
            403,
            "The difference between the request time and the current time is too large.",
            RequestTime=signature.timestamp,
            ServerTime=real.strftime("%Y-%m-%dT%H:%M:%SZ"),
            MaxAllowedSkewMilliseconds=str(int(SKEW.total_seconds() * 1000)),
        )
    elif signature.moment < real - SKEW:
        raise _expired(signature, real)
    if signature.moment > real + SKEW:
        latest, now = (real + SKEW).strftime(TIME), real.strftime(TIME)
        raise errors.mismatch(
            f"Signature not yet current: {signature.timestamp} is still later than {latest} ({now} + 15 min.)"
        )


def _check_lifetime(call: Call, signature: Signature, lifetime: timedelta) -> None:
    now, end = clock.now(), clock.virtual_at(signature.moment) + lifetime
    if now <= end:
        return
    if call.protocol != "s3":
        raise _expired(signature, now)
    raise errors.refuse(
        "AccessDenied",
        403,
        "Request has expired",
        **{"X-Amz-Expires": str(int(lifetime.total_seconds()))},
        Expires=end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        ServerTime=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def _expired(signature: Signature, now: datetime) -> AwsError:
    earliest = (now - SKEW).strftime(TIME)
    return errors.mismatch(
        f"Signature expired: {signature.timestamp} is now earlier than {earliest} ({now.strftime(TIME)} - 15 min.)"
    )


def _check_signed_headers(call: Call, signature: Signature) -> None:
    must = ("host", *sorted(name for name in call.headers if name.startswith("x-amz-")))
    missing = [name for name in must if name not in signature.signed_headers]
    if not missing:
        return
    if call.protocol == "s3":
        message = "There were headers present in the request which were not signed"
        raise errors.refuse("AccessDenied", 403, message, HeadersNotSigned=", ".join(missing))
    raise errors.mismatch(f"'{missing[0]}' must be a 'SignedHeader' in the AWS Authorization.")


def _payload_hash(call: Call, signature: Signature) -> str:
    said = call.headers.get("x-amz-content-sha256")
    if call.protocol != "s3":
        return call.body_sha256
    if signature.how == "query":
        return call.query.get("X-Amz-Content-Sha256", [said or sigv4.UNSIGNED])[0]
    if said is None:
        raise errors.refuse("InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256")
    if said not in (sigv4.UNSIGNED, *STREAMED) and not _HASH.fullmatch(said):
        if said.startswith("STREAMING-AWS4-ECDSA-"):
            raise NotImplementedError("signatures for several regions (SigV4a)")
        raise errors.refuse(
            "InvalidArgument",
            400,
            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
            ArgumentName="x-amz-content-sha256",
            ArgumentValue=said,
        )
    return said


def _check_body(call: Call, said: str) -> None:
    found = call.body_sha256
    if found != said:
        raise errors.refuse(
            "XAmzContentSHA256Mismatch",
            400,
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
            ClientComputedContentSHA256=said,
            S3ComputedContentSHA256=found,
        )
