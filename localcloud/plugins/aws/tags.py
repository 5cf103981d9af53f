"""Tags: the fields of a resource that has them, and the calls' forms of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from localcloud.plugins.checks import at_most, length, matches, not_starting_with
from localcloud.plugins.fields import Field, mapping, string
from pulumi_plugin.values import Values

REGION: dict[str, Field] = {"region": string(replace=True)}
_TEXT = r"[\w\s_.:/=+\-@]*"
_KEYS = (
    length(1, 128),
    matches(_TEXT, "must only contain letters, numbers, spaces, and any of the following: _.:/=+-@"),
    not_starting_with("aws:", "must not begin with aws:, which is reserved for AWS use"),
)
_VALUE = string(
    valid=(
        length(0, 256),
        matches(_TEXT, "must only contain letters, numbers, spaces, and any of the following: _.:/=+-@"),
    )
)
TAGS: dict[str, Field] = {"tags": mapping(_VALUE, valid=(at_most(50),), valid_keys=_KEYS), "tagsAll": mapping()}


def as_list(inputs: Values, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """The tags wanted, as most calls take them."""
    return [{key: name, value: text} for name, text in sorted((inputs.get("tagsAll") or {}).items())]


def as_map(tags: Iterable[Mapping[str, str]], key: str = "Key", value: str = "Value") -> dict[str, str]:
    """The tags that a call answered with, without AWS's own."""
    return {tag[key]: tag[value] for tag in tags if not tag[key].startswith("aws:")}


def to_remove(current: Mapping[str, str], inputs: Values) -> list[str]:
    """The names of the tags that are there and not wanted."""
    return sorted(set(current) - set(inputs.get("tagsAll") or {}))


def sync(
    current: Mapping[str, str], inputs: Values, tag: Callable[..., Any], untag: Callable[..., Any], **which: str
) -> None:
    """Bring the tags of a thing into the wanted form, by the two calls as most services have them."""
    if removed := to_remove(current, inputs):
        untag(**which, TagKeys=removed)
    if wanted := as_list(inputs):
        tag(**which, Tags=wanted)


def equal(current: Mapping[str, str], inputs: Values) -> bool:
    """Whether exactly the wanted tags are there, and at least one: a thing without tags is a stranger's."""
    wanted = inputs.get("tagsAll") or {}
    return bool(wanted) and dict(current) == dict(wanted)
