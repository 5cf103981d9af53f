"""What the models say of a property: its type, its meaning, what may be left out."""

from __future__ import annotations

import ast
import inspect
import itertools
import types
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from render_provider.provider.resource import Properties

Model = type[Properties]


class ModelError(Exception):
    """Nothing can be generated from a model."""


@dataclass(frozen=True)
class Property:
    """One property of a model."""

    name: str
    render_name: str
    kind: Any
    """Its type, without what may be None."""
    nullable: bool
    required: bool
    default: Any
    limits: tuple[Any, ...]
    """What pydantic checks besides the type."""
    meaning: str


def properties(model: Model, *, own: bool = False) -> list[Property]:
    """A model's properties, in order; `own`: without those that its bases have already."""
    inherited = {name for base in bases(model) for name in base.model_fields}
    return [
        _property(model, name, info) for name, info in model.model_fields.items() if not (own and name in inherited)
    ]


def bases(model: Model) -> list[Model]:
    """The models that it stands on, without the empty ones that all stand on."""
    return [base for base in model.__bases__ if issubclass(base, Properties) and base.model_fields]


def family(models: Iterable[Model]) -> list[Model]:
    """The models with all that they stand on or hold, each once and after what it needs."""
    known: dict[Model, None] = {}
    for model in models:
        known |= dict.fromkeys(family([*bases(model), *parts(model)]))
        known[model] = None
    return list(known)


def parts(model: Model) -> list[Model]:
    """The models that its properties hold."""
    return [part for info in model.model_fields.values() for part in _models(info.annotation)]


def inside(model: Model) -> list[Model]:
    """All models in it, however deep, as a reader comes to them."""
    known: dict[Model, None] = {}
    for part in parts(model):
        known |= dict.fromkeys([part, *inside(part)])
    return list(known)


def bare(kind: Any) -> tuple[Any, bool, tuple[Any, ...]]:
    """A type without None, whether that may stand for it, and the limits that were written around it."""
    limits: tuple[Any, ...] = ()
    nullable = False
    while True:
        if get_origin(kind) is Annotated:
            kind, *around = get_args(kind)
            limits += tuple(
                limit for mark in around for limit in (mark.metadata if isinstance(mark, FieldInfo) else [mark])
            )
        elif get_origin(kind) in (Union, types.UnionType) and types.NoneType in get_args(kind):
            [kind] = [part for part in get_args(kind) if part is not types.NoneType]
            nullable = True
        else:
            return kind, nullable, limits


def choices(kind: Any) -> tuple[str, ...]:
    """The values of a type that has a few."""
    return get_args(kind) if get_origin(kind) is Literal else ()


def plain(kind: Any) -> str:
    """The Python type of a single value; a choice is any text, as Render's choices grow."""
    if choices(kind):
        return "str"
    if kind not in (bool, float, int, str):
        raise ModelError(f"{kind} is no type of a property")
    return str(kind.__name__)


def summary(kind: type) -> str:
    """The first paragraph of a class's docstring, on one line."""
    return paragraphs(kind)[0]


def paragraphs(kind: type) -> list[str]:
    """A class's docstring."""
    if "__doc__" not in vars(kind) or not kind.__doc__:
        raise ModelError(f"{kind.__qualname__} in {kind.__module__} has no docstring")
    return [" ".join(part.split()) for part in inspect.cleandoc(kind.__doc__).split("\n\n")]


def _models(kind: Any) -> list[Model]:
    if isinstance(kind, type) and issubclass(kind, Properties):
        return [kind]
    return [model for part in get_args(kind) for model in _models(part)]


def _property(model: Model, name: str, info: FieldInfo) -> Property:
    kind, nullable, limits = bare(info.annotation)
    return Property(
        name=name,
        render_name=info.alias or name,
        kind=kind,
        nullable=nullable,
        required=info.is_required(),
        default=None if info.is_required() else info.get_default(call_default_factory=True),
        limits=(*info.metadata, *limits),
        meaning=_meaning(model, name),
    )


def _meaning(model: Model, name: str) -> str:
    """What stands under a property, in the model or in what it stands on."""
    kind = next(kind for kind in model.__mro__ if name in inspect.get_annotations(kind))
    text = _strings_under_names(kind).get(name)
    if not text:
        raise ModelError(f"{kind.__qualname__}.{name} in {kind.__module__} has no docstring under it")
    return text


def _strings_under_names(kind: type) -> dict[str, str]:
    body = next(node.body for node in ast.walk(ast.parse(inspect.getsource(kind))) if isinstance(node, ast.ClassDef))
    return {
        one.target.id: " ".join(str(below.value.value).split())
        for one, below in itertools.pairwise(body)
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
    }
