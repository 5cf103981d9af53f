"""Which files of a context a `.dockerignore` leaves out, by Docker's rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ignore:
    """The patterns in their order; the last one that matches a path or a folder above it decides."""

    patterns: tuple[tuple[re.Pattern[str], bool], ...] = ()  # (pattern, whether it leaves out)

    @classmethod
    def parse(cls, text: str) -> Ignore:
        """Patterns are relative to the context; `!` takes back; `#` starts a comment at the start of a line."""
        return cls(tuple(_patterns(text.splitlines())))

    def leaves_out(self, path: str) -> bool:
        """Whether the file of that relative path stays out of the image."""
        parts = path.split("/")
        parents = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        out = False
        for pattern, excludes in self.patterns:
            if any(pattern.fullmatch(each) for each in parents):
                out = excludes
        return out

    def may_skip(self, folder: str) -> bool:
        """Whether nothing below the folder can come back, so that it need not be looked at."""
        return self.leaves_out(folder) and all(excludes for _, excludes in self.patterns)


def _patterns(lines: Iterable[str]) -> Iterable[tuple[re.Pattern[str], bool]]:
    for line in lines:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        excludes = not text.startswith("!")
        text = text.lstrip("!").strip().strip("/")
        while text.startswith("./"):
            text = text[2:]
        if text:
            yield re.compile(_expression(text)), excludes


def _expression(pattern: str) -> str:
    """`**` crosses folders, `*` and `?` do not, `[a-z]` is a set, a backslash escapes."""
    parts, place = [], 0
    while place < len(pattern):
        rest = pattern[place:]
        if rest.startswith("**/"):
            parts.append("(?:.*/)?")
            place += 3
        elif rest.startswith("**"):
            parts.append(".*")
            place += 2
        elif rest[0] == "*":
            parts.append("[^/]*")
            place += 1
        elif rest[0] == "?":
            parts.append("[^/]")
            place += 1
        elif rest[0] == "[" and "]" in rest[1:]:
            end = rest.index("]", 1)
            parts.append(rest[: end + 1].replace("[^", "[^/", 1) if rest[1] == "^" else rest[: end + 1])
            place += end + 1
        elif rest[0] == "\\" and len(rest) > 1:
            parts.append(re.escape(rest[1]))
            place += 2
        else:
            parts.append(re.escape(rest[0]))
            place += 1
    return "".join(parts)
