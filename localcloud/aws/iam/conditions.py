"""Conditions: every operator, and what a key that is missing or has many values means to it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from localcloud.aws.iam.comparisons import COMPARISONS
from localcloud.aws.iam.patterns import Part

Quantifier = Literal["", "ForAllValues", "ForAnyValue"]
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
_WITH_VARIABLES = ("String", "Arn")
_BY_SMALL = {name.lower(): name for name in (*COMPARISONS, *_NEGATED, "Null")}


@dataclass(frozen=True)
class Condition:
    """One key's condition: `values` are alternatives, or for a negated operator none of them may be."""

    comparison: str
    negated: bool
    quantifier: Quantifier
    if_exists: bool
    key: str  # in small letters: the names of keys know no case
    values: Sequence[str]

    @classmethod
    def of(cls, operator: str, key: str, values: Sequence[str]) -> Condition:
        """Read `ForAnyValue:StringLikeIfExists` and its like; ValueError for an operator that AWS lacks."""
        name, quantifier = operator, ""
        head, colon, rest = operator.partition(":")
        if colon:
            quantifier = {"forallvalues": "ForAllValues", "foranyvalue": "ForAnyValue"}.get(head.lower(), "")
            name = rest if quantifier else operator
        if_exists = name.lower().endswith("ifexists")
        known = _BY_SMALL.get(name[: -len("IfExists")].lower() if if_exists else name.lower())
        if known is None or (known == "Null" and if_exists):
            raise ValueError(operator)
        comparison = _NEGATED.get(known, known)
        return cls(comparison, known in _NEGATED, quantifier, if_exists, key.lower(), tuple(values))  # type: ignore[arg-type] # one of three


def holds(
    condition: Condition,
    context: Mapping[str, Sequence[str]],
    parts: Callable[[str, Mapping[str, Sequence[str]]], Sequence[Part] | None],
) -> bool:
    """Whether the call meets it; `parts` fills in a policy's variables."""
    found = context.get(condition.key)
    if condition.comparison == "Null":
        return any((value.lower() == "true") is (not found) for value in condition.values)
    if not found:
        return _without(condition)
    compare = COMPARISONS[condition.comparison]
    variables = condition.comparison.startswith(_WITH_VARIABLES)

    def met(value: str) -> bool:
        like = any(
            (written := parts(text, context) if variables else ((text, True),)) is not None
            and compare(written, value)
            for text in condition.values
        )
        return like is not condition.negated

    if condition.quantifier == "ForAllValues" or (condition.negated and not condition.quantifier):
        return all(map(met, found))
    return any(map(met, found))


def _without(condition: Condition) -> bool:
    """What a missing key means: nothing is like it, so only `Not…` is met; the empty set is all it should be."""
    if condition.if_exists or condition.quantifier == "ForAllValues":
        return True
    return condition.negated and condition.quantifier != "ForAnyValue"
