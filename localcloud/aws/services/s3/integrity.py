"""Whether the bytes that came are those that were sent: Content-MD5 and the checksums of requests."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping

from localcloud.aws.payload import Payload
from localcloud.aws.services.s3.checksums import ALGORITHMS, Checksum, checksum, size
from localcloud.aws.services.s3.errors import invalid_request, refuse

_PREFIX = "x-amz-checksum-"
_OURS = {f"{_PREFIX}{algorithm.lower()}": algorithm for algorithm in ALGORITHMS}
_NOT_BUILT = tuple(f"{_PREFIX}{algorithm}" for algorithm in ("xxhash64", "xxhash3", "xxhash128"))


def verify(headers: Mapping[str, str], body: Payload) -> Checksum | None:
    """Check a body against what its request says of it; gives the checksum that was given."""
    _verify_md5(headers, body)
    given = declared(headers)
    if given is None:
        return None
    if checksum(given.algorithm, body.chunks()).value != given.value:
        message = f"The {given.algorithm} you specified did not match the calculated checksum."
        raise refuse("BadDigest", 400, message)
    return given


def declared(headers: Mapping[str, str]) -> Checksum | None:
    """The checksum in a request's headers or trailers, which has to be one, and well-formed."""
    if any(name in headers for name in _NOT_BUILT):
        raise NotImplementedError("the checksums XXHASH64, XXHASH3 and XXHASH128")
    names = [name for name in _OURS if name in headers]
    if len(names) > 1:
        raise invalid_request("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
    algorithm = _algorithm(headers)
    if not names:
        trailer = headers.get("x-amz-trailer", "").lower()
        if trailer in _OURS:
            message = "The request contained trailing data that was not well-formed"
            message += " or did not conform to our published schema."
            raise refuse("MalformedTrailerError", 400, message)
        if algorithm:
            message = "x-amz-sdk-checksum-algorithm specified, but no corresponding"
            message += " x-amz-checksum-* or x-amz-trailer headers were found."
            raise invalid_request(message)
        return None
    [name] = names
    if algorithm not in ("", _OURS[name]):
        raise invalid_request("Value for x-amz-sdk-checksum-algorithm header is invalid.")
    return well_formed(_OURS[name], headers[name], name)


def well_formed(algorithm: str, value: str, name: str) -> Checksum:
    """A checksum of the right length in base64."""
    if len(decoded(value)) != size(algorithm):
        raise invalid_request(f"Value for {name} header is invalid.")
    return Checksum(algorithm, value)


def is_given(headers: Mapping[str, str]) -> bool:
    """Whether a request says what its body is, one way or the other."""
    return "content-md5" in headers or any(name in headers for name in _OURS)


def require(headers: Mapping[str, str], what: str) -> None:
    """Some requests must say what their body is."""
    if not is_given(headers):
        raise invalid_request(f"Content-MD5 OR x-amz-checksum- HTTP header is required for {what}")


def decoded(text: str) -> bytes:
    """Base64, or nothing where it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _algorithm(headers: Mapping[str, str]) -> str:
    algorithm = headers.get("x-amz-sdk-checksum-algorithm", "").upper()
    if algorithm and algorithm not in ALGORITHMS:
        message = "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
        raise invalid_request(f"{message}[{', '.join(sorted(ALGORITHMS))}]")
    return algorithm


def _verify_md5(headers: Mapping[str, str], body: Payload) -> None:
    given = headers.get("content-md5")
    if given is None:
        return
    digest = decoded(given)
    if len(digest) != hashlib.md5(usedforsecurity=False).digest_size:
        raise refuse("InvalidDigest", 400, "The Content-MD5 you specified was invalid.", **{"Content-MD5": given})
    calculated = checksum("MD5", body.chunks())
    if digest != calculated.raw:
        raise refuse(
            "BadDigest",
            400,
            "The Content-MD5 you specified did not match what we received.",
            ExpectedDigest=given,
            CalculatedDigest=calculated.value,
        )
