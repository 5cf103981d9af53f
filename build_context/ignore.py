"""A `.dockerignore`: its lines as Docker reads them, and whether they leave a file out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from posixpath import normpath

from build_context.pattern import PatternError, compiled
from console.errors import ExplainedError

SYNTAX = "https://docs.docker.com/build/concepts/context/#syntax"


class IgnoreError(ExplainedError):
    """The lines that are wrong, all at once."""

    def __init__(self, file: Path, why: str) -> None:
        hint = f"mend it; what may stand there: {SYNTAX}"
        super().__init__(f"{file} cannot be read as Docker reads it", why, hint=hint)


@dataclass(frozen=True)
class Pattern:
    """What is left out, or, after a `!`, taken back."""

    expression: re.Pattern[str]
    takes_back: bool
    start: str
    """What every path that it matches begins with."""


@dataclass(frozen=True)
class Match:
    """Whether a path is left out, and which patterns said something about it or a folder above it."""

    left_out: bool = False
    by: tuple[bool, ...] = ()


NOWHERE = Match()  # what became of the context itself


@dataclass(frozen=True)
class Ignore:
    """The patterns in their order."""

    patterns: tuple[Pattern, ...] = ()

    @classmethod
    def load(cls, file: Path) -> Ignore:
        """All lines that are wrong are told at once."""
        try:
            text = file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise IgnoreError(file, f"it is not UTF-8 (byte {error.start + 1})") from error
        patterns, wrong = [], []
        for number, line in _lines(text):
            try:
                if pattern := _relative(line).strip():
                    patterns.append(_pattern(pattern))
            except PatternError as error:
                wrong.append(f"\n  line {number}, `{line}`: {error}")
        if wrong:
            raise IgnoreError(file, f"{len(wrong)} line{'s are' if len(wrong) > 1 else ' is'} wrong{''.join(wrong)}")
        return cls(tuple(patterns))

    def match(self, path: str, folder: Match = NOWHERE) -> Match:
        """What becomes of a path, by what became of the folder that it is in.

        The last pattern that matches the path or a folder above it decides. But a pattern that would change nothing
        for a folder is passed over, and below it asked for the file alone: `a/*.md`, `!a` takes nothing back.
        """
        left_out, by = False, []
        for pattern, matched in zip(self.patterns, folder.by or repeat(False), strict=False):
            matches = matched or (pattern.takes_back == left_out and bool(pattern.expression.fullmatch(path)))
            by.append(matches)
            if matches:
                left_out = not pattern.takes_back
        return Match(left_out, tuple(by))

    def takes_back_below(self, folder: str) -> bool:
        """Whether something below a folder that is left out may be in all the same; else nobody has to look."""
        inside = f"{folder}/"
        return any(
            pattern.takes_back and (pattern.start.startswith(inside) or inside.startswith(pattern.start))
            for pattern in self.patterns
        )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers. Only a `#` in the first column starts a comment."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.startswith("#"):
            yield number, line.strip()


def _relative(line: str) -> str:
    """Below the folder, on the shortest way: a `/` in front means nothing."""
    sign, path = ("!", line[1:].strip()) if line.startswith("!") else ("", line)
    shortest = _shortest(path) if path else ""
    return sign + (shortest.removeprefix("/") or shortest)


def _pattern(line: str) -> Pattern:
    line = _shortest(line)
    if line == "!":
        raise PatternError("an exclamation mark takes nothing back")
    path = line.removeprefix("!")
    return Pattern(compiled(path), takes_back=line.startswith("!"), start=re.split(r"[*?[\\^]", path, maxsplit=1)[0])


def _shortest(path: str) -> str:
    """`a/./b//c/..` is `a/b`; of two slashes in front Python would keep both."""
    return re.sub("^//", "/", normpath(path))
