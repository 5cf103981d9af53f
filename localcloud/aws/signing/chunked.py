"""Bodies that were signed in chunks: taken apart, and each chunk's signature checked against the one before it.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from localcloud.aws.call import Call
from localcloud.aws.replies import AwsError
from localcloud.aws.signing import errors, sigv4
from localcloud.aws.signing.signature import Signature
from localcloud.aws.signing.verify import STREAMED, wrong_signature

LEAST = 8192  # bytes of each chunk but the last
_HEAD = re.compile(rb"([0-9A-Fa-f]{1,16})(?:;chunk-signature=([0-9a-f]{64}))?")
_SIGNATURE = "x-amz-trailer-signature"


@dataclass(frozen=True)
class Chunk:
    """A part of the body, and its signature where the client signs them."""

    data: bytes
    signature: str | None


def is_chunked(call: Call) -> bool:
    """Whether the body came in signed or trailed chunks."""
    return call.protocol == "s3" and call.headers.get("x-amz-content-sha256") in STREAMED


def opened(call: Call, signature: Signature | None, secret: str) -> Call:
    """The call with the body that was meant; what was in its trailer is among its headers.

    Raises AwsError: a chunk that was changed, one that is missing, a length or a trailer other than announced.
    """
    kind = call.headers["x-amz-content-sha256"]
    length = call.headers.get("x-amz-decoded-content-length", "")
    if not re.fullmatch(r"[0-9]{1,18}", length):
        raise errors.refuse("MissingContentLength", 411, "You must provide the Content-Length HTTP header.")
    chunks, rest = _taken_apart(call.body)
    trailer = _trailer(call, rest) if kind.endswith("-TRAILER") else {}
    if kind.startswith("STREAMING-AWS4") and signature:
        _verify(call, signature, secret, chunks, trailer)
    body = b"".join(chunk.data for chunk in chunks)
    if len(body) != int(length):
        raise _incomplete("You did not provide the number of bytes specified by the Content-Length HTTP header")
    trailer.pop(_SIGNATURE, None)
    return replace(call, body=body, headers=_meant(call, len(body)) | trailer)


def _taken_apart(body: bytes) -> tuple[list[Chunk], bytes]:
    chunks: list[Chunk] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 128)
        head = _HEAD.fullmatch(body[at:end]) if end >= 0 else None
        if head is None:
            raise _incomplete("The request body terminated unexpectedly")
        size, start = int(head[1], 16), end + 2
        chunk = Chunk(body[start : start + size], head[2].decode() if head[2] else None)
        chunks.append(chunk)
        if size == 0:
            _check_sizes(chunks)
            return chunks, body[start:]
        at = start + size + 2
        if len(chunk.data) != size or body[start + size : at] != b"\r\n":
            raise _incomplete("The request body terminated unexpectedly")


def _check_sizes(chunks: list[Chunk]) -> None:
    for chunk in chunks[:-2]:
        if len(chunk.data) < LEAST:
            message = f"Only the last chunk is allowed to have a size less than {LEAST} bytes"
            raise errors.refuse("InvalidChunkSizeError", 403, message, BadChunkSize=str(len(chunk.data)))


def _trailer(call: Call, rest: bytes) -> dict[str, str]:
    announced = {name.strip().lower() for name in call.headers.get("x-amz-trailer", "").split(",") if name.strip()}
    lines = [line for line in rest.replace(b"\r\n", b"\n").split(b"\n") if line]
    fields = [line.decode("latin-1").partition(":") for line in lines]
    trailer = {name.strip().lower(): value.strip() for name, colon, value in fields if colon}
    if len(trailer) != len(lines) or set(trailer) - {_SIGNATURE} != announced:
        message = (
            "The request contained trailing data that was not well-formed or did not conform to our published schema."
        )
        raise errors.refuse("MalformedTrailerError", 400, message)
    return trailer


def _verify(call: Call, signature: Signature, secret: str, chunks: list[Chunk], trailer: dict[str, str]) -> None:
    key, before = sigv4.signing_key(secret, signature.scope), signature.value
    for what, content_hash, given in _signed(chunks, trailer):
        lines = (f"{sigv4.ALGORITHM}-{what}", signature.timestamp, signature.scope, before, content_hash)
        text = "\n".join(lines)
        before = sigv4.sign(key, text)
        if not sigv4.equal(before, given or ""):
            raise wrong_signature(call, replace(signature, value=given or ""), text)


def _signed(chunks: list[Chunk], trailer: dict[str, str]) -> Iterator[tuple[str, str, str | None]]:
    """What is signed, one after the other, each with the signature that came with it."""
    for chunk in chunks:
        yield "PAYLOAD", f"{sigv4.EMPTY}\n{hashlib.sha256(chunk.data).hexdigest()}", chunk.signature
    if trailer:
        lines = "".join(f"{name}:{value}\n" for name, value in trailer.items() if name != _SIGNATURE)
        yield "TRAILER", hashlib.sha256(lines.encode("latin-1")).hexdigest(), trailer.get(_SIGNATURE)


def _meant(call: Call, length: int) -> dict[str, str]:
    """The headers of the body itself: nothing of how it was sent."""
    headers = {**call.headers, "content-length": str(length)}
    encodings = [one.strip() for one in headers.pop("content-encoding", "").split(",")]
    kept = ",".join(one for one in encodings if one and one != "aws-chunked")
    return {**headers, "content-encoding": kept} if kept else headers


def _incomplete(message: str) -> AwsError:
    return errors.refuse("IncompleteBody", 400, message)
