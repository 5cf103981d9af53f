"""Wildcards: of actions, of ARNs, of condition values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

# Parts of a pattern: text as written, and text that a policy variable gave, in which `*` is only a star.
Part = tuple[str, bool]
_RESOURCE = 5  # colons before an ARN's last field, which may hold colons itself


def glob(parts: Sequence[Part], *, any_case: bool = False) -> re.Pattern[str]:
    """Match a whole text: `*` is any number of characters, `?` is one."""
    return _compiled(tuple(parts), any_case)


@lru_cache(maxsize=4096)
def _compiled(parts: tuple[Part, ...], any_case: bool) -> re.Pattern[str]:
    expression = "".join(_wild(text) if written else re.escape(text) for text, written in parts)
    return re.compile(expression, re.DOTALL | (re.IGNORECASE if any_case else 0))


def _wild(text: str) -> str:
    return "".join(".*" if each == "*" else "." if each == "?" else re.escape(each) for each in text)


def matches_arn(parts: Sequence[Part], arn: str) -> bool:
    """Whether a resource of a policy is that ARN.

    A wildcard stays within its field, unless it ends it; fields that are missing are wildcards
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
    """
    return _arn(tuple(parts)).fullmatch(arn) is not None


@lru_cache(maxsize=4096)
def _arn(parts: tuple[Part, ...]) -> re.Pattern[str]:
    whole = "".join(text for text, _ in parts)
    if whole == "*":
        return re.compile(".*", re.DOTALL)
    expression, colons = "", 0
    for text, written in parts:
        for at, each in enumerate(text):
            colons += each == ":"
            within = colons < _RESOURCE and text[at + 1 : at + 2] not in ("", ":")
            if written and each == "*":
                expression += "[^:]*" if within else ".*"
            elif written and each == "?":
                expression += "[^:]" if colons < _RESOURCE else "."
            else:
                expression += re.escape(each)
    return re.compile(expression + ":.*" * (colons < _RESOURCE), re.DOTALL)


def like_arn(parts: Sequence[Part], arn: str) -> bool:
    """As `ArnLike` and `ArnEquals` compare: each of the six fields by itself."""
    return _fields(tuple(parts)).fullmatch(arn) is not None


@lru_cache(maxsize=1024)
def _fields(parts: tuple[Part, ...]) -> re.Pattern[str]:
    expression, colons = "", 0
    for text, written in parts:
        for each in text:
            colons += each == ":"
            one = "." if colons >= _RESOURCE else "[^:]"
            expression += (
                f"{one}*" if written and each == "*" else one if written and each == "?" else re.escape(each)
            )
    return re.compile(expression, re.DOTALL)
