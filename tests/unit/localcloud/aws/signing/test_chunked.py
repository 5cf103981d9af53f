"""The two bodies in signed chunks that AWS's documentation gives as examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from localcloud.aws.call import Call
from localcloud.aws.replies import AwsError
from localcloud.aws.signing.chunked import opened
from localcloud.aws.signing.signature import Signature

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
DAY = "20130524T000000Z"
SCOPE = "20130524/us-east-1/s3/aws4_request"
# https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
SEED = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
CHUNKS = (
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
)
# https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
SEED_BEFORE_TRAILER = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
CHUNKS_BEFORE_TRAILER = (
    "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
    "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
    "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
)
TRAILER = "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"


def signature(seed: str) -> Signature:
    """Of the headers that go with the body."""
    moment = datetime(2013, 5, 24, tzinfo=UTC)
    return Signature("header", "AKIAIOSFODNN7EXAMPLE", SCOPE, ("host",), seed, moment, DAY)


def call(signatures: tuple[str, ...], ends: bytes = b"\r\n", **headers: str) -> Call:
    """The upload of the examples: 65 KiB of `a`, as 64 and 1."""
    body = b""
    for size, value in zip((65536, 1024, 0), signatures, strict=True):
        body += f"{size:x};chunk-signature={value}\r\n".encode() + b"a" * size + (b"\r\n" if size else b"")
    said = {
        "content-encoding": "aws-chunked,gzip",
        "x-amz-decoded-content-length": "66560",
        "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return Call("s3", "PutObject", "us-east-1", None, "s3", "PUT", "/b/k", headers=said, body=body + ends)


TRAILED = {
    "x_amz_content_sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    "x_amz_trailer": "x-amz-checksum-crc32c",
}
ENDS = f"x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:{TRAILER}\r\n\r\n".encode()


def test_the_example_in_chunks() -> None:
    """The body is what was meant, and nothing of how it was sent is left."""
    found = opened(call(CHUNKS), signature(SEED), SECRET)

    assert found.body == b"a" * 66560
    assert (found.headers["content-encoding"], found.headers["content-length"]) == ("gzip", "66560")


def test_the_example_with_a_trailer() -> None:
    """What the trailer says stands among the headers, as if it had come there."""
    found = opened(call(CHUNKS_BEFORE_TRAILER, ENDS, **TRAILED), signature(SEED_BEFORE_TRAILER), SECRET)

    assert (len(found.body), found.headers["x-amz-checksum-crc32c"]) == (66560, "sOO8/Q==")
    assert "x-amz-trailer-signature" not in found.headers


def test_a_trailer_that_was_changed() -> None:
    """Its signature covers the checksum."""
    changed = call(CHUNKS_BEFORE_TRAILER, ENDS.replace(b"sOO8", b"sOO9"), **TRAILED)

    with pytest.raises(AwsError) as error:
        opened(changed, signature(SEED_BEFORE_TRAILER), SECRET)

    assert error.value.s3 == ("SignatureDoesNotMatch", 403)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"a\r\n400;", b"b\r\n400;", "SignatureDoesNotMatch"),
        (b"\r\n0;chunk", b"\r\n0;chunk-x", "IncompleteBody"),
        (b"400;", b"401;", "IncompleteBody"),
        (b"400;", b"-1;", "IncompleteBody"),
        (b"b6c6ea8a", b"b6c6ea8b", "SignatureDoesNotMatch"),
        (b"10000;", b"ffffffffffffffff;", "IncompleteBody"),
        (b"\r\n", b"\n", "IncompleteBody"),
    ],
)
def test_chunks_that_were_changed(old: bytes, new: bytes, code: str) -> None:
    """A byte, a length, a signature, or what stands between them."""
    good = call(CHUNKS)
    changed = replace(good, body=good.body.replace(old, new))

    with pytest.raises(AwsError) as error:
        opened(changed, signature(SEED), SECRET)

    assert (changed.body != good.body, error.value.s3[0]) == (True, code)


def test_a_body_without_the_length_that_was_meant() -> None:
    """S3 must know it before it reads."""
    said = call(CHUNKS, x_amz_decoded_content_length="many")

    with pytest.raises(AwsError) as error:
        opened(said, signature(SEED), SECRET)

    assert error.value.s3 == ("MissingContentLength", 411)
