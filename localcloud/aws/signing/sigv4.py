"""Signature Version 4: what is signed, and the signature over it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import posixpath
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote, unquote_plus, unquote_to_bytes

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
EMPTY = hashlib.sha256(b"").hexdigest()


def canonical_request(
    method: str,
    target: str,
    headers: Mapping[str, str],
    signed_headers: Iterable[str],
    payload_hash: str,
    *,
    s3: bool,
) -> str:
    """The text that stands for a request.

    `target` is path and query as they were sent; the names of headers are in small letters, their values as
    WSGI has them. S3 takes a path as it is; the other services put it in order and encode it once more.
    """
    path, _, query = target.partition("?")
    names = list(signed_headers)
    lines = [f"{name}:{_trimmed(headers.get(name, ''))}" for name in names]
    uri = _encoded(unquote_to_bytes(path), "/") if s3 else _normal(path)
    return "\n".join([method, uri or "/", _canonical_query(query), *lines, "", ";".join(names), payload_hash])


def string_to_sign(timestamp: str, scope: str, canonical: str) -> str:
    """The text under the signature."""
    return "\n".join([ALGORITHM, timestamp, scope, hashlib.sha256(canonical.encode("latin-1")).hexdigest()])


@lru_cache(maxsize=256)
def signing_key(secret: str, scope: str) -> bytes:
    """The key of one day, region and service."""
    key = b"AWS4" + secret.encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def sign(key: bytes, text: str) -> str:
    """The signature."""
    return hmac.digest(key, text.encode("latin-1"), "sha256").hex()


def equal(one: str, other: str) -> bool:
    """Whether two signatures are the same, in a time that does not tell how alike they are."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _canonical_query(query: str) -> str:
    pairs = (part.partition("=") for part in query.split("&") if part)
    encoded = ((_reencoded(name), _reencoded(value)) for name, _, value in pairs)
    return "&".join(f"{name}={value}" for name, value in sorted(encoded) if name != "X-Amz-Signature")


def _reencoded(part: str) -> str:
    return _encoded(unquote_plus(part, "latin-1").encode("latin-1", "replace"))


def _normal(path: str) -> str:
    normal = posixpath.normpath("/" + path.lstrip("/"))
    return _encoded((normal + "/" if path.endswith("/") and normal != "/" else normal).encode("latin-1"), "/")


def _encoded(text: bytes, safe: str = "") -> str:
    return quote(text, safe=f"{safe}-_.~")


def _trimmed(value: str) -> str:
    return " ".join(filter(None, value.replace("\t", " ").split(" ")))  # of Unicode's spaces none: these are bytes
