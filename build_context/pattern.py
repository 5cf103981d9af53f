r"""One pattern of a `.dockerignore` as an expression: what Docker documents, and what its matcher does with it.

Docker checks a pattern by Go's `filepath.Match` and matches by an expression that it makes of it. Where the two mean
different things (`[*]`, `\d`), a pattern is refused: what names an image would be guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MEMBER = r"(?:\\.|[^\\\]-])"
_TOKEN = re.compile(
    rf"(?P<folders>\*\*/?)|(?P<star>\*)|(?P<one>\?)|(?P<set>\[\^?+(?:{_MEMBER}(?:-{_MEMBER})?)+\])"
    r"|(?P<bracket>[][])|(?P<escaped>\\.)|(?P<end>\\)|(?P<plain>.)",
    re.DOTALL,
)
_RANGE = re.compile(rf"({_MEMBER})(?:-({_MEMBER}))?", re.DOTALL)


class PatternError(ValueError):
    """Why Docker refuses a pattern, or why it is not safe to guess what it means."""


def compiled(pattern: str) -> re.Pattern[str]:
    """The expression that the whole path has to match."""
    tokens = [(str(token.lastgroup), token.group()) for token in _TOKEN.finditer(pattern)]
    special = [place for place, (kind, _) in enumerate(tokens) if kind != "plain"]
    last = len(tokens) - 1
    if not special:
        return re.compile(re.escape(pattern))
    if [tokens[place][0] for place in special] == ["folders"] and special[0] in (0, last):
        return re.compile(_one_end(pattern, at_start=special == [0]), re.DOTALL)
    return re.compile("".join(_expressions(tokens)))


def _one_end(pattern: str, *, at_start: bool) -> str:
    """Of `**x`, `**/x` and `x**` Docker compares the other end, letter by letter: `**x` is also `ax`."""
    if not at_start:
        return re.escape(pattern.removesuffix("**")) + ".*"
    end = pattern.removeprefix("**")
    return f"(?:.*/)?{re.escape(end[1:])}" if end.startswith("/") else f".*{re.escape(end)}"


def _expressions(tokens: list[tuple[str, str]]) -> Iterator[str]:
    for place, (kind, text) in enumerate(tokens):
        if kind == "folders":
            yield ".*" if place == len(tokens) - 1 else "(?:.*/)?"
        elif kind in ("star", "one"):
            yield "[^/]*" if kind == "star" else "[^/]"
        elif kind == "set":
            yield _set(text)
        elif kind == "escaped":
            yield _letter(text)
        elif text == "[":
            raise PatternError("a `[` has no `]`, or there is nothing, or a `-` that needs a backslash, between them")
        elif kind == "end":
            raise PatternError("a backslash at the end escapes nothing")
        else:
            yield text if text == "^" else re.escape(text)  # to Docker's expression a `^` is the start of the path


def _set(text: str) -> str:
    """Any of the characters and ranges; `[^...]` is any other, also a `/`."""
    negation = "^" if text.startswith("[^") else ""
    return (
        f"[{negation}{''.join(_range(*match.groups()) for match in _RANGE.finditer(text[1 + len(negation) : -1]))}]"
    )


def _range(first: str, last: str | None) -> str:
    for character in (first, last):
        if character in ("*", "?", "["):
            raise PatternError(f"a `{character}` between brackets needs a backslash")
    if last is None:
        return _letter(first)
    if first[-1] > last[-1]:
        raise PatternError(f"the range {first}-{last} ends before it starts")
    return f"{_letter(first)}-{_letter(last)}"


def _letter(text: str) -> str:
    r"""A character, or one behind a backslash: to Docker `\d` is any digit, and `\é` an error."""
    if len(text) == 2 and (text[1].isalnum() or not text.isascii()):
        raise PatternError(f"a backslash before `{text[1]}` is not the letter to Docker: take it away")
    return re.escape(text[-1])
