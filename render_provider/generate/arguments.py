"""`args.py`: what a program may say of each resource, for type checkers and editors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args, get_origin

from pydantic.alias_generators import to_camel

from render_provider.generate.models import (
    Model,
    ModelError,
    Property,
    bare,
    bases,
    family,
    plain,
    properties,
    summary,
)
from render_provider.generate.words import docstring, meaning
from render_provider.provider.resource import Inputs, Resource

HEAD = '''\
Render's own inputs in snake_case. What may be left out is not managed when it is.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Required, TypedDict

from pulumi import Input

'''


def text(resources: Sequence[Resource[Any]]) -> str:
    """The module, below its first line."""
    models = family(resource.inputs for resource in resources)
    inputs = [prop for model in models for prop in properties(model, own=True)]
    outputs = [prop for resource in resources for prop in properties(resource.outputs)]
    return HEAD + "\n".join((_spelling(inputs, outputs), *map(_typed_dict, models)))


def name(model: Model) -> str:
    """`PostgresInputs` is `PostgresArgs` to programs; what lies in inputs keeps its name."""
    return model.__name__.removesuffix("Inputs") + "Args" if model.__name__.endswith("Inputs") else model.__name__


def _spelling(inputs: list[Property], outputs: list[Property]) -> str:
    maps = {prop.name for prop in inputs if get_origin(prop.kind) is dict}
    others = {prop.name for prop in inputs if get_origin(prop.kind) is not dict}
    if maps & others:
        raise ModelError(f"{', '.join(maps & others)}: a map in one place and not in another")
    special = {prop.name: prop.render_name for prop in inputs + outputs if prop.render_name != to_camel(prop.name)}
    return f'''\
MAPS = frozenset({sorted(maps)!r})
"""Inputs whose keys are the program's own."""
SPECIAL = {special!r}
"""What Render does not spell in plain camelCase."""
'''


def _typed_dict(model: Model) -> str:
    stands_on = ", ".join(name(base) for base in bases(model)) or "TypedDict"
    lines = [f"class {name(model)}({stands_on}, total=False):", docstring(summary(model)), ""]
    for prop in properties(model, own=True):
        kind = f"Required[{_input(prop.kind)}]" if prop.required else _input(prop.kind)
        lines += [f"    {prop.name}: {kind}{' | None' if prop.nullable else ''}", docstring(meaning(prop))]
    return "\n".join(["", *lines, ""])


def _input(kind: Any) -> str:
    """The type of what a program may give: Pulumi's inputs, however deep."""
    return f"Input[{_value(bare(kind)[0])}]"


def _value(kind: Any) -> str:
    inside = get_args(kind)
    if get_origin(kind) is list:
        return f"Sequence[{_input(inside[0])}]"
    if get_origin(kind) is dict:
        return f"Mapping[str, {'Any' if inside[1] is Any else _input(inside[1])}]"
    if isinstance(kind, type) and issubclass(kind, Inputs):
        return name(kind)
    return plain(kind)
