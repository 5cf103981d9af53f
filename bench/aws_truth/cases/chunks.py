"""Bodies in chunks: each signed after the one before it, or with a checksum in their trailer."""

from __future__ import annotations

import base64
import zlib

import requests

from bench.aws_truth.hand import (
    BODY,
    Scene,
    case,
)


def _crc32(body: bytes) -> str:
    return base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()


def _swapped(scene: Scene) -> requests.Response:
    one, other = b"1" * 9000, b"2" * 9000
    return scene.chunked([one, other], lambda b: b.replace(one, b"\0").replace(other, one).replace(b"\0", other))


def _without_second(body: bytes) -> bytes:
    first, _, last = body.split(b";chunk-signature=")[0], None, body[body.index(b"\r\n0;") + 2 :]
    return first + body[len(first) : body.index(b"\r\n4;") + 2] + last


CASES = [
    case("a body in signed chunks", lambda s: s.chunked([BODY, b"rest"])),
    case("an empty body in signed chunks", lambda s: s.chunked([])),
    case(
        "a chunk that was changed",
        lambda s: s.chunked([BODY, b"rest"], lambda b: b.replace(b"rest", b"test")),
        "SignatureDoesNotMatch",
    ),
    case("chunks in another order", _swapped, "SignatureDoesNotMatch"),
    case(
        "a chunk that is missing",
        lambda s: s.chunked([BODY, b"rest"], _without_second, 10_000),
        "SignatureDoesNotMatch",
    ),
    case(
        "a body without its last chunk",
        lambda s: s.chunked([BODY], lambda b: b[: b.index(b"\r\n0;") + 2]),
        "IncompleteBody",
    ),
    case("a body cut within a chunk", lambda s: s.chunked([BODY], lambda b: b[:5000]), "IncompleteBody"),
    case(
        "a chunk without a signature",
        lambda s: s.chunked([b"rest"], lambda b: b.replace(b";chunk-signature=", b";x=", 1)),
        "IncompleteBody",
    ),
    case("fewer bytes than were announced", lambda s: s.chunked([b"rest"], length=5), "IncompleteBody"),
    case("a small chunk that is not the last", lambda s: s.chunked([b"small", BODY]), "InvalidChunkSizeError"),
    case(
        "a checksum in a trailer",
        lambda s: s.trailed(
            b"x-amz-checksum-crc32:" + _crc32(b"body").encode() + b"\r\n", **{"x-amz-trailer": "x-amz-checksum-crc32"}
        ),
    ),
    case(
        "a trailer that was not announced",
        lambda s: s.trailed(b"x-amz-checksum-crc32:AAAAAA==\r\n"),
        "MalformedTrailerError",
    ),
    case(
        "a trailer that is missing",
        lambda s: s.trailed(b"", **{"x-amz-trailer": "x-amz-checksum-crc32"}),
        "MalformedTrailerError",
    ),
]
