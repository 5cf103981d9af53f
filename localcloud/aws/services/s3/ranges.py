"""A part of an object's bytes, as the header `Range` asks for it."""

from __future__ import annotations

import re
from typing import Any

from localcloud.aws.replies import same
from localcloud.aws.services.s3.ask import Answer

_ONE = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII)


def handle(self: Any, request: Any, headers: dict[str, Any], body: bytes) -> Answer:
    """The answer 200 of moto, cut to what is asked for. What is no single range is overlooked, as S3 does."""
    del self
    match = _ONE.fullmatch(request.headers.get("range", ""))
    head = request.method == "HEAD"
    size = int(headers["content-length"]) if head else len(body)
    if match is None or not (match[1] or match[2]) or "last-modified" not in {name.lower() for name in headers}:
        return 200, headers, body
    first, last = _limits(match[1][:19], match[2][:19], size)
    if first > last and match[1] and match[2] and int(match[1]) > int(match[2]):
        return 200, headers, body
    if first > last or first >= size:
        raise same("InvalidRange", 416, "The requested range is not satisfiable")
    whole = (first, last) == (0, size - 1)
    kept = {name: value for name, value in headers.items() if whole or not name.lower().startswith("x-amz-checksum-")}
    kept["content-range"] = f"bytes {first}-{last}/{size}"
    kept["content-length"] = str(last - first + 1)
    return 206, kept, body if head else body[first : last + 1]


def _limits(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
