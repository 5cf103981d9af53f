"""One file of the front end, whole in memory, with what a browser is told of it."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

import brotli
from whitenoise.media_types import MediaTypes

_WORTH_IT = 0.95  # a compressed body larger than that is not worth the work of unpacking it
_HASHED = re.compile(r"[\w-]+(?:\.[\w-]+)*\.([0-9a-f]{10})\.\w+")
_TYPES = MediaTypes()  # type: ignore[no-untyped-call, unused-ignore] # untyped, in some runs; this machine's own list varies


@dataclass(frozen=True)
class File:
    """Its content, and the same compressed where that is smaller."""

    name: str
    content: bytes
    compressed: Mapping[str, bytes]
    media_type: str
    etag: str
    """Of its content: a file in an image has no time of its own, and a page whose assets change keeps its size."""

    @classmethod
    def of(cls, name: str, content: bytes) -> File:
        """Compress it, the best way first: it is done once, and sent many times."""
        packed = {"br": brotli.compress(content), "gzip": gzip.compress(content, mtime=0)}
        smaller = {way: body for way, body in packed.items() if len(body) < _WORTH_IT * len(content)}
        media_type: str = _TYPES.get_type(name)
        text = "; charset=utf-8" if media_type.startswith("text/") else ""
        return cls(name, content, smaller, f"{media_type}{text}", _hash(content)[:32])


def hashed(name: str, content: bytes) -> str:
    """The name that changes with the content: `app.js` is `app.0123456789.js`."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{_hash(content)[:10]}.{suffix}"


def is_hashed(name: str) -> bool:
    """Whether it may be the name of an asset."""
    return _HASHED.fullmatch(name) is not None


def fits(name: str, content: bytes) -> bool:
    """Whether that is the content which the name was made for."""
    match = _HASHED.fullmatch(name)
    return match is not None and _hash(content).startswith(match[1])


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
