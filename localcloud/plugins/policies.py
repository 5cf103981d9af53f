"""When two IAM policies say the same, whatever their text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_UNORDERED = ("Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition")


def canonical_policy(document: Any) -> Any:
    """The policy with its statements as a list and one-element lists as their element, unordered lists sorted.

    AWS itself returns a policy with single values unwrapped and with lists in an order of its own.
    """
    if not isinstance(document, Mapping):
        return document
    statements = document.get("Statement", [])
    if isinstance(statements, Mapping):
        statements = [statements]
    rest = {key: value for key, value in document.items() if key != "Statement"}
    return {**rest, "Statement": [_statement(each) for each in statements]}


def _statement(statement: Any) -> Any:
    if not isinstance(statement, Mapping):
        return statement
    return {key: _loose(value) if key in _UNORDERED else value for key, value in statement.items() if value != ""}


def _loose(value: Any) -> Any:
    if isinstance(value, Mapping):
        if dict(value) == {"AWS": "*"}:
            return "*"
        return {key: _loose(item) for key, item in value.items()}
    if isinstance(value, list):
        items = sorted((_loose(item) for item in value), key=repr)
        return items[0] if len(items) == 1 else items
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value
