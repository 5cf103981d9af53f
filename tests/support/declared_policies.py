"""What a declared policy lets be done, read without its conditions."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any


def may(document: Mapping[str, Any], action: str, resource: str) -> bool:
    """Whether a policy lets that be done: an allow matches and no deny without a condition does."""
    verdicts = [
        statement["Effect"]
        for statement in document.values()
        if statement["Effect"] == "Allow" or "Condition" not in statement
        if any(fnmatchcase(action, pattern) for pattern in statement["Action"])
        and any(fnmatchcase(resource, pattern) for pattern in _list(statement["Resource"]))
    ]
    return "Allow" in verdicts and "Deny" not in verdicts


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
