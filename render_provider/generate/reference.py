"""`docs/reference/render/`: a page for each resource and function, and one that lists them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from typing import Any, get_args, get_origin

from annotated_types import Ge, Le

from render_provider.generate.models import (
    Model,
    ModelError,
    Property,
    bare,
    choices,
    inside,
    paragraphs,
    plain,
    properties,
    summary,
)
from render_provider.generate.words import REVISION, function_name
from render_provider.provider.function import Function
from render_provider.provider.resource import Properties, Resource

WORDS = {"str": "text", "int": "number", "float": "number", "bool": "boolean"}
IMPORTED = "An import takes over everything that Render tells; what it never tells is to be set again."


def pages(resources: Iterable[Resource[Any]], functions: Iterable[Function]) -> dict[str, str]:
    """Each page by its file's name, below its first line."""
    texts = {_file(type(resource)): _page(resource) for resource in resources}
    texts |= {_file(type(function)): _function_page(function) for function in functions}
    return {"README.md": _index(resources, functions), **texts}


def _file(kind: type) -> str:
    """Named as the module that it is made from."""
    return kind.__module__.rpartition(".")[2] + ".md"


def _index(resources: Iterable[Resource[Any]], functions: Iterable[Function]) -> str:
    names: list[tuple[str, type]] = [(type(resource).__name__, type(resource)) for resource in resources]
    names += [(function_name(function), type(function)) for function in functions]
    return "\n\n".join(
        (
            "# Render for Pulumi programs",
            '`from render_provider import resources as render`, then `render.WebService("web", name=…, …)`.',
            "Names are Render's own in snake_case. "
            "An optional input that is left out is not managed: whatever it is at Render stays so.",
            _table(("name", "is"), [(f"[{name}]({_file(kind)})", summary(kind)) for name, kind in names]),
        )
    )


def _page(resource: Resource[Any]) -> str:
    kind = type(resource)
    return "\n\n".join(
        (
            f"# {kind.__name__}",
            *paragraphs(kind),
            f"Type `{resource.type_}`. Render's own page: <{_address(kind)}>.",
            "## Inputs",
            *paragraphs(resource.inputs),
            _inputs(resource),
            _taken_out(resource),
            *(section for model in inside(resource.inputs) for section in _nested(model)),
            "## Outputs",
            *_outputs(resource),
            "## Import",
            f"```\npulumi import {resource.type_} NAME {resource.import_id}\n```",
            IMPORTED,
        )
    )


def _function_page(function: Function) -> str:
    name, kind = function_name(function), type(function)
    asked = [(f"`{prop.name}`", _words(prop), prop.meaning) for prop in properties(function.inputs)]
    told = [(f"`{prop.name}`", _words(prop), prop.meaning) for prop in properties(function.outputs)]
    return "\n\n".join(
        (
            f"# {name}",
            *paragraphs(kind),
            f"`render.{name}(…)` asks at once, `render.{name}_output(…)` once what it asks with is known.",
            f"Type `{function.function}`. Render's own page: <{_address(kind)}>.",
            "## Inputs",
            _table(("input", "type", "meaning"), asked),
            f"## {function.outputs.__name__}",
            summary(function.outputs),
            _table(("attribute", "type", "meaning"), told),
        )
    )


def _inputs(resource: Resource[Any]) -> str:
    return _table(
        ("input", "type", "when left out", "a change", "meaning"),
        [
            (f"`{prop.name}`", _words(prop), _left_out(prop), _change(resource, prop), _meaning(resource, prop))
            for prop in properties(resource.inputs)
        ],
    )


def _nested(model: Model) -> tuple[str, str, str]:
    rows = [(f"`{prop.name}`", _words(prop), _left_out(prop), prop.meaning) for prop in properties(model)]
    return f"### {model.__name__}", summary(model), _table(("input", "type", "when left out", "meaning"), rows)


def _outputs(resource: Resource[Any]) -> list[str]:
    rows = [(f"`{prop.name}`", _words(prop), _meaning(resource, prop)) for prop in properties(resource.outputs)]
    if resource.release:
        rows.append(("`revision`", "text", f"{REVISION} **Secret.**"))
    if not rows:
        return ["Every input as it was given, and `id`."]
    return ["Every input as it was given, `id`, and:", _table(("output", "type", "meaning"), rows)]


def _left_out(prop: Property) -> str:
    if prop.required:
        return "**required**"
    return "not managed" if prop.default is None else f"`{json.dumps(prop.default)}`"


def _change(resource: Resource[Any], prop: Property) -> str:
    if prop.render_name in resource.replace_on:
        return "**replaces**"
    return "with the next deploy" if prop.render_name in resource.release else "in place"


def _meaning(resource: Resource[Any], prop: Property) -> str:
    secret = " **Secret.**" if prop.render_name in resource.secrets else ""
    return f"{prop.meaning}{secret}"


def _taken_out(resource: Resource[Any]) -> str:
    """What happens to an input that a program says no longer."""
    back = [
        f"`{prop.name}` to " + ("nothing" if value is None else f"`{json.dumps(value)}`")
        for prop in properties(resource.inputs)
        if prop.render_name in resource.resets
        for value in [resource.resets[prop.render_name]]
    ]
    if not back:
        return "An input that is taken out of the program stays at Render as it was."
    return f"Taken out of the program, these go back: {', '.join(back)}. Others stay at Render as they were."


def _words(prop: Property) -> str:
    least = [limit.ge for limit in prop.limits if isinstance(limit, Ge)]
    most = [limit.le for limit in prop.limits if isinstance(limit, Le)]
    pattern = [f" like `{limit.pattern}`" for limit in prop.limits if getattr(limit, "pattern", None)]
    bounds = f", {least[0]} to {most[0]}" if least and most else f", at least {least[0]}" if least else ""
    return "".join((_kind(prop.kind), bounds, *pattern))


def _kind(kind: Any) -> str:
    kind, inside = bare(kind)[0], get_args(kind)
    if values := choices(kind):
        return " \\| ".join(f"`{value}`" for value in values)
    if get_origin(kind) is list:
        return f"list of {_kind(inside[0])}"
    if get_origin(kind) is dict:
        return "map" if inside[1] is Any else f"map of {_kind(inside[1])}"
    if isinstance(kind, type) and issubclass(kind, Properties):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    return WORDS[plain(kind)]


def _address(kind: type) -> str:
    """Where Render describes it: the module's docstring says so."""
    address = re.search(r"https://\S+", sys.modules[kind.__module__].__doc__ or "")
    if not address:
        raise ModelError(f"the docstring of {kind.__module__} does not say where Render describes it")
    return address[0]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
