"""What differs, decided without talking to Render: pure functions on a resource's data."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import ValidationError

from pulumi_plugin.differences import DiffKind
from pulumi_plugin.values import UNKNOWN, Unknown, Values, has_unknown
from render_provider.provider.resource import Resource


def mistakes(resource: Resource[Any], asked: Values) -> dict[str, str]:
    """Everything wrong with the inputs at once, by property path; what is not known yet is not wrong."""
    try:
        resource.inputs.model_validate(asked)
    except ValidationError as error:
        return {
            ".".join(str(part) for part in mistake["loc"]): mistake["msg"].removeprefix("Value error, ")
            for mistake in error.errors(include_url=False)
            if not isinstance(mistake["input"], Unknown)
        }
    return {}


def complete(resource: Resource[Any], before: Values, asked: Values) -> Values:
    """What the program asks for, with the inputs it has dropped set back."""
    dropped = {name: value for name, value in resource.resets.items() if name in before and name not in asked}
    return {**dropped, **asked}


def differences(resource: Resource[Any], before: Values, asked: Values) -> dict[str, DiffKind]:
    """The inputs that have to change, and how. An optional input that is not asked for is left alone."""
    changes = {}
    for name, value in complete(resource, before, asked).items():
        if name not in before:
            changes[name] = DiffKind.ADD
        elif has_unknown(value) or not resource.same(name, before[name], value):
            changes[name] = DiffKind.UPDATE if name in asked else DiffKind.DELETE
    return changes


def to_change(resource: Resource[Any], actual: Values, before: Values, given: Values) -> frozenset[str]:
    """The inputs in which Render differs from what is wanted; one that Render does not tell counts by what it was."""
    names = set()
    for name, value in given.items():
        now = actual[name] if name in actual else before.get(name)
        if name in resource.maps:
            now = {key: item for key, item in (now or {}).items() if key in value or key in (before.get(name) or {})}
        if not resource.meets(name, now, value):
            names.add(name)
    return frozenset(names - resource.replace_on)


def drifted(resource: Resource[Any], before: Values, actual: Values) -> Values:
    """The managed inputs as Render has them now, in the program's own spelling where it means the same.

    What no `up` can undo (a grown disk, an upgraded version) stays as declared: taken over, it would make every later
    `up` a refusal or a replacement.
    """
    inputs = {}
    for name, value in before.items():
        now = actual.get(name, value)
        if name in resource.maps and isinstance(now, dict):
            now = {key: now[key] for key in value if key in now}
        if name in resource.replace_on or resource.meets(name, now, value):
            inputs[name] = value
        elif now is not None:
            inputs[name] = now
    return inputs


def left(resource: Resource[Any], before: Values, actual: Values) -> dict[str, tuple[Any, Any]]:
    """The inputs that Render or somebody else changed and that stay so: as declared, and as they are."""
    inputs = drifted(resource, before, actual)
    return {
        name: (value, actual[name])
        for name, value in before.items()
        if name not in resource.maps and actual.get(name) is not None and inputs.get(name) == value
        if not resource.same(name, value, actual[name])
    }


def revision(resource: Resource[Any], asked: Values, before: Values | None = None, last: Any = None) -> Any:
    """A value that changes whenever what a running release depends on is changed, also when it changes back.

    Known in a preview as soon as the inputs are. It is a chain: going from A to B and back to A needs two deploys.
    """
    parts = {name: asked.get(name) for name in sorted(resource.release)}
    if has_unknown(parts) or isinstance(last, Unknown):
        return UNKNOWN
    if last is not None and before is not None:
        if all(resource.same(name, before.get(name), value) for name, value in parts.items()):
            return last
        parts["last"] = last
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
