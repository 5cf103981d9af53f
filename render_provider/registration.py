"""How what a program declares reaches the engine: snake_case in Python, Render's own names on the wire."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

import pulumi
from pulumi import Output

from render_provider.args import MAPS, SPECIAL

Value = TypeVar("Value")


class RenderResource(pulumi.CustomResource):
    """A resource whose annotations are its properties."""

    pulumi_type: ClassVar[str]
    secrets: ClassVar[tuple[str, ...]] = ()

    def _register(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        names = output_names(type(self))
        properties: dict[str, Any] = {camel(output): None for output in names}
        properties |= {camel(key): _plain(key, value) for key, value in inputs.items()}
        hidden = pulumi.ResourceOptions(additional_secret_outputs=[camel(secret) for secret in self.secrets])
        options = pulumi.ResourceOptions.merge(opts, hidden)
        pulumi.CustomResource.__init__(self, self.pulumi_type, name, properties, options)
        for key in {*names, *inputs}:
            self.__dict__[key] = self.__dict__[camel(key)]


def output_names(kind: type[RenderResource]) -> tuple[str, ...]:
    """What a program can read of a resource."""
    return tuple(inspect.get_annotations(kind))


def camel(name: str) -> str:
    """Render's spelling."""
    first, *rest = name.split("_")
    return SPECIAL.get(name) or first + "".join(part.capitalize() for part in rest)


def answer(kind: type[Value], told: Mapping[str, Any]) -> Value:
    """A function's answer as a value."""
    values = {name: told[camel(name)] for name in inspect.get_annotations(kind)}
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


def _plain(key: str, value: Any) -> Any:
    """Nested inputs in Render's spelling; the keys of maps that belong to the user stay as they are."""
    if key in MAPS:
        return value
    if isinstance(value, Output):
        return value.apply(lambda known: _plain(key, known))
    if isinstance(value, Mapping):
        return {camel(name): _plain(name, item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain("", item) for item in value]
    return value
