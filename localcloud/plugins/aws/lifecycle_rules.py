"""What makes lifecycle rules wrong that are right value by value.

The provider finds some of it, S3 the rest, and only when they are put:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

ACTIONS = (
    *("abortIncompleteMultipartUpload", "expiration", "noncurrentVersionExpiration"),
    *("noncurrentVersionTransitions", "transitions"),
)
_CHOICES = ("prefix", "tag", "and", "objectSizeGreaterThan", "objectSizeLessThan")
_THIRTY_DAYS_FIRST = ("STANDARD_IA", "ONEZONE_IA")


def breaches(rules: Any) -> dict[str, str]:
    """Reasons by property; what a preview does not know yet is not judged."""
    found: dict[str, str] = {}
    seen: set[str] = set()
    for place, rule in enumerate(_list(rules)):
        if not isinstance(rule, Mapping):
            continue
        path = f"rules[{place}]"
        name = rule.get("id")
        if isinstance(name, str) and name in seen:
            found[f"{path}.id"] = f"Rule ID must be unique. Found same ID for more than one rule: {name}"
        seen.add(str(name))
        if not any(rule.get(action) for action in ACTIONS):
            found[path] = f"at least one of the following is required: {', '.join(ACTIONS)}"
        found |= {f"{path}.{where}": why for where, why in _of_rule(rule)}
    return found


def _of_rule(rule: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    chosen = _object(rule.get("filter"))
    if len(given := [each for each in _CHOICES if chosen.get(each) is not None]) > 1:
        yield "filter", f"only one of {', '.join(given)} can be specified; `and` takes several"
    if chosen and rule.get("prefix"):
        yield "prefix", '"prefix": conflicts with filter'
    expiration = _object(rule.get("expiration"))
    when = [each for each in ("days", "date") if expiration.get(each) is not None]
    if expiration and len(when) + bool(expiration.get("expiredObjectDeleteMarker")) != 1:
        yield "expiration", "exactly one of days, date and expiredObjectDeleteMarker must be specified"
    for kind, days in (("transitions", "days"), ("noncurrentVersionTransitions", "noncurrentDays")):
        for place, move in enumerate(_list(rule.get(kind))):
            yield from _of_move(f"{kind}[{place}]", days, _object(move))
    yield from _ends_before_moves(rule, "transitions", "days", expiration.get("days"), "expiration.days")
    ends = _object(rule.get("noncurrentVersionExpiration")).get("noncurrentDays")
    where = "noncurrentVersionExpiration.noncurrentDays"
    yield from _ends_before_moves(rule, "noncurrentVersionTransitions", "noncurrentDays", ends, where)


def _of_move(path: str, days: str, move: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    after, to = move.get(days), move.get("storageClass")
    if days == "days" and move and (after is None) == (move.get("date") is None):
        yield path, "exactly one of days and date must be specified"
    if isinstance(after, int) and to in _THIRTY_DAYS_FIRST and after < 30:
        yield f"{path}.{days}", f"must be greater than or equal to 30 for storageClass '{to}', got {after}"


def _ends_before_moves(
    rule: Mapping[str, Any], kind: str, days: str, ends: Any, where: str
) -> Iterator[tuple[str, str]]:
    latest = [each[days] for each in _list(rule.get(kind)) if isinstance(_object(each).get(days), int)]
    if isinstance(ends, int) and latest and ends <= max(latest):
        yield where, f"must be greater than the days of every transition ({max(latest)}), got {ends}"


def _object(value: Any) -> Mapping[str, Any]:
    """What is not known yet says nothing."""
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    """The same."""
    return value if isinstance(value, list) else []
