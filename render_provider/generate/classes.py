"""`resources.py`: the classes and functions that a program calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args, get_origin

from render_provider.generate import arguments
from render_provider.generate.models import ModelError, Property, bare, paragraphs, plain, properties, summary
from render_provider.generate.words import REVISION, docstring, function_name, meaning
from render_provider.provider.function import Function
from render_provider.provider.resource import Properties, Resource

HEAD = '''\
Render for Pulumi programs: `from render_provider import resources as render`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Unpack

import pulumi
from pulumi import Input, Output

from render_provider import args
from render_provider.registration import RenderResource, answer
'''


def text(resources: Iterable[Resource[Any]], functions: Iterable[Function]) -> str:
    """The module, below its first line."""
    return "\n".join((HEAD, *map(_class, resources), *map(_function, functions)))


def _class(resource: Resource[Any]) -> str:
    kind = type(resource)
    attributes = {prop.name: prop for prop in (*properties(resource.inputs), *properties(resource.outputs))}
    secrets = [prop.name for prop in attributes.values() if prop.render_name in resource.secrets]
    lines = [f'@pulumi.type_token("{resource.type_}")', f"class {kind.__name__}(RenderResource):"]
    lines += [docstring(*paragraphs(kind)), ""]
    if resource.release:
        secrets.append("revision")
    if secrets:
        lines += [f"    secrets = {tuple(secrets)!r}", ""]
    for prop in attributes.values():
        lines += [f"    {prop.name}: Output[{_output(prop)}]", docstring(meaning(prop))]
    if resource.release:
        lines += ["    revision: Output[str]", docstring(REVISION)]
    lines += [
        "",
        "    def __init__(self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None,",
        f"        **inputs: Unpack[args.{arguments.name(resource.inputs)}]) -> None:",
        "        self._register(name_, inputs, opts)",
    ]
    return "\n".join(["", *lines, ""])


def _output(prop: Property) -> str:
    return _value(prop.kind) + (" | None" if prop.nullable or not prop.required else "")


def _value(kind: Any) -> str:
    kind, inside = bare(kind)[0], get_args(kind)
    if get_origin(kind) is list:
        return f"list[{_value(inside[0])}]"
    if get_origin(kind) is dict:
        return f"dict[str, {'Any' if inside[1] is Any else _value(inside[1])}]"
    if isinstance(kind, type) and issubclass(kind, Properties):
        return "dict[str, Any]"
    return plain(kind)


def _function(function: Function) -> str:
    """A function that asks now, and one that asks once what it needs is known."""
    asked = properties(function.inputs)
    if not all(prop.required for prop in asked):
        raise ModelError(f"{function.function}: a question that may leave something out is not supported")
    name, value, says = function_name(function), function.outputs.__name__, summary(type(function)).removesuffix(".")
    question = "{" + ", ".join(f'"{prop.render_name}": {prop.name}' for prop in asked) + "}"
    now = ", ".join(f"{prop.name}: {_value(prop.kind)}" for prop in asked)
    later = ", ".join(f"{prop.name}: Input[{_value(prop.kind)}]" for prop in asked)
    options = "opts: pulumi.InvokeOptions | None = None"
    return f'''
{_dataclass(function)}


def {name}({now}, {options}) -> {value}:
    """{says}, now."""
    told: dict[str, Any] = pulumi.runtime.invoke("{function.function}", {question}, opts).value or {{}}
    return answer({value}, told)


def {name}_output({later}, {options}) -> Output[{value}]:
    """{says}, once what is asked with is known."""
    told: Output[dict[str, Any]] = pulumi.runtime.invoke_output("{function.function}", {question}, opts)
    return told.apply(lambda known: answer({value}, known))
'''


def _dataclass(function: Function) -> str:
    value = function.outputs
    lines = ["@dataclass(frozen=True)", f"class {value.__name__}:", docstring(summary(value)), ""]
    for prop in properties(value):
        kind = _value(prop.kind)
        kind = f"tuple{kind[4:-1]}, ...]" if kind.startswith("list[") else kind
        lines += [f"    {prop.name}: {kind}", docstring(meaning(prop))]
    return "\n".join(lines)
