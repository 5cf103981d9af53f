"""A policy's document, read once: its statements, with every element as a list."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from localcloud.aws.iam import patterns
from localcloud.aws.iam.conditions import Condition, holds
from localcloud.aws.iam.patterns import Part
from localcloud.aws.iam.variables import filled

Context = Mapping[str, Sequence[str]]  # condition keys, in small letters


@dataclass(frozen=True)
class Statement:
    """One statement; `principals` is None in the policies of identities, which name nobody."""

    effect: Literal["Allow", "Deny"]
    actions: Sequence[str]
    not_action: bool
    resources: Sequence[str]
    not_resource: bool
    principals: Mapping[str, Sequence[str]] | None
    not_principal: bool
    conditions: Sequence[Condition]
    variables: bool  # whether `${…}` is one: only in documents of 2012-10-17

    def applies(self, action: str, resource: str, context: Context) -> bool:
        """Whether it speaks of that action on that resource, under these circumstances."""
        return (
            self._names_action(action)
            and self._names_resource(resource, context)
            and all(holds(condition, context, self._parts) for condition in self.conditions)
        )

    def _names_action(self, action: str) -> bool:
        named = any(
            pattern == "*" or patterns.glob([(pattern, True)], any_case=True).fullmatch(action)
            for pattern in self.actions
        )
        return named is not self.not_action

    def _names_resource(self, resource: str, context: Context) -> bool:
        if not self.resources:
            return True  # a trust policy is about its own role
        named = any(
            written == "*" or ((parts := self._parts(written, context)) and patterns.matches_arn(parts, resource))
            for written in self.resources
        )
        return named is not self.not_resource

    def _parts(self, text: str, context: Context) -> Sequence[Part] | None:
        return filled(text, context) if self.variables else ((text, True),)


@dataclass(frozen=True)
class Document:
    """What one policy says."""

    statements: Sequence[Statement] = field(default_factory=tuple)


@lru_cache(maxsize=512)
def read(text: str) -> Document:
    """The document that IAM or a resource keeps; it was checked when it was put."""
    document = json.loads(text)
    variables = document.get("Version") == "2012-10-17"
    return Document(tuple(_statement(each, variables=variables) for each in as_list(document.get("Statement", []))))


def as_list(value: Any) -> list[Any]:
    """Policies may write one value without its list."""
    return value if isinstance(value, list) else [value]


def _statement(written: Mapping[str, Any], *, variables: bool) -> Statement:
    principals = written.get("NotPrincipal", written.get("Principal"))
    return Statement(
        effect=written["Effect"],
        actions=tuple(as_list(written.get("NotAction", written.get("Action", [])))),
        not_action="NotAction" in written,
        resources=tuple(as_list(written.get("NotResource", written.get("Resource", [])))),
        not_resource="NotResource" in written,
        principals=None if principals is None else _principals(principals),
        not_principal="NotPrincipal" in written,
        conditions=tuple(_conditions(written.get("Condition", {}))),
        variables=variables,
    )


def _principals(written: Any) -> Mapping[str, Sequence[str]]:
    if isinstance(written, str):
        return {"AWS": (written,)}
    return {kind: tuple(as_list(names)) for kind, names in written.items()}


def _conditions(written: Mapping[str, Mapping[str, Any]]) -> list[Condition]:
    return [
        Condition.of(operator, key, [_text(value) for value in as_list(values)])
        for operator, keys in written.items()
        for key, values in keys.items()
    ]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
