"""A resource's state, made of what the cloud says, what the program said, and what was told only once."""

from __future__ import annotations

from typing import Any

from localcloud.plugins.fields import same
from localcloud.plugins.inputs import without_internal
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import UNKNOWN, Secret, Values, has_unknown, mark


def expected(resource: Resource[Any], inputs: Values, state: Values) -> Values:
    """A preview's state: the inputs, and the unknown for what the cloud will say."""
    values = {**resource.constants, **without_internal(inputs)}
    for name, field in resource.fields.items():
        if field.computed and name not in values:
            values[name] = state.get(name, UNKNOWN)
    for name in resource.outputs:
        values[name] = UNKNOWN if name in resource.volatile else state.get(name, UNKNOWN)
    return marked(resource, values)


def completed(resource: Resource[Any], actual: Values, inputs: Values) -> Values:
    """With what is always the same, and inputs that nothing can be read back of: they are what the program gave."""
    given = {key: inputs[key] for key in resource.fields if key in inputs}
    return {**resource.constants, **given, **actual}


def told_once(resource: Resource[Any], state: Values) -> Values:
    """What only the create told lives on in the state."""
    return {key: state[key] for key in resource.only_from_create if key in state}


def spelt_as(resource: Resource[Any], inputs: Values, actual: Values) -> Values:
    """The program's way of writing a value where the cloud's means the same; what tells the plugin how to work."""
    spelt = dict(actual)
    for name, field in resource.fields.items():
        if name in inputs and name in actual and same(field, inputs[name], actual[name]):
            spelt[name] = inputs[name]
    return spelt


def local(resource: Resource[Any], inputs: Values) -> Values:
    """The inputs that tell the plugin how to work, and of which the cloud knows nothing."""
    return {key: inputs[key] for key, field in resource.fields.items() if field.local and key in inputs}


def inputs_of(resource: Resource[Any], actual: Values, known: Values, *, importing: bool) -> Values:
    """What a program would have to say to get what is there."""
    inputs: Values = {key: known[key] for key in known if key.startswith("__")}
    for key, field in resource.fields.items():
        value = known.get(key, field.default) if field.local else actual.get(key)
        wanted = key in known or not (same(field, None, value) or (field.computed and not importing))
        if value is not None and (wanted or field.required or field.default is not None or field.autoname):
            inputs[key] = Secret(value) if field.secret else value
    return inputs


def marked(resource: Resource[Any], values: Values) -> Values:
    """With its secrets marked, as far as they are known."""
    return mark(values, {name for name in resource.secrets if not has_unknown(values.get(name))})
