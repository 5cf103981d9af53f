"""Which bytes of an object a client is sent: all, a range, or one part of its upload."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.errors import invalid_argument, invalid_request, refuse, with_headers

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
MOST_PARTS = 10_000


@dataclass(frozen=True)
class Span:
    """From `start` until before `end` of `size` bytes; `partial` where the client asked for less than all."""

    start: int
    end: int
    size: int
    partial: bool = False
    part: Any = None

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return (self.start, self.end) == (0, self.size)

    @property
    def shown(self) -> dict[str, Any]:
        """As the model's answers have it."""
        shown: dict[str, Any] = {"ContentLength": self.end - self.start}
        if self.partial and self.size:
            shown["ContentRange"] = f"bytes {self.start}-{self.end - 1}/{self.size}"
        return shown


def asked_for(ask: Ask, version: Any) -> Span:
    """What is asked for. A range that can't be read is none; one behind the end is refused."""
    number = part_number(ask)
    wanted = ask.said.get("range")
    if number is not None:
        if wanted:
            raise invalid_request("Cannot specify both Range header and partNumber query parameter")
        return _of_part(version, number)
    size = version.body.size
    match = _RANGE.fullmatch(wanted.strip()) if wanted else None
    if not wanted or match is None or match[0] == "bytes=-":
        return Span(0, size, size)
    first, last = match[1], match[2]
    if first:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return Span(0, size, size)
    else:
        start, end = max(size - int(last), 0), size
    if start >= size or start >= end:
        problem = refuse(
            "InvalidRange",
            416,
            "The requested range is not satisfiable",
            RangeRequested=wanted,
            ActualObjectSize=size,
        )
        raise with_headers(problem, {"Content-Range": f"bytes */{size}"})
    return Span(start, end, size, partial=True)


def part_number(ask: Ask) -> int | None:
    """The number of a part, where one is named."""
    text = ask.query.get("partNumber")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MOST_PARTS:
        message = f"Part number must be an integer between 1 and {MOST_PARTS}, inclusive"
        raise invalid_argument(message, "partNumber", text)
    return int(text)


def _of_part(version: Any, number: int) -> Span:
    size = version.body.size
    if not version.parts:
        if number == 1:
            return Span(0, size, size, partial=True)
        raise _no_such_part(number, 1)
    if number > len(version.parts):
        raise _no_such_part(number, len(version.parts))
    part = version.parts[number - 1]
    start = sum(before.size for before in version.parts[: number - 1])
    return Span(start, start + part.size, size, partial=True, part=part)


def _no_such_part(number: int, count: int) -> Exception:
    message = "The requested partnumber is not satisfiable"
    return refuse("InvalidPartNumber", 416, message, PartNumberRequested=number, ActualPartCount=count)
