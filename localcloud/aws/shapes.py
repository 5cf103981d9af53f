"""Whether what a call gives in JSON has the types that the service's model asks for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.model import Shape, StructureShape
from moto.core.utils import get_service_model

_TYPES: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "blob": (str,),
    "timestamp": (int, float, str),
    "boolean": (bool,),
    "double": (int, float, str),  # a text may stand for infinity
    "float": (int, float, str),
}


@cache
def of_input(service: str, action: str) -> StructureShape | None:
    """What the action takes; None where it takes nothing."""
    shape: StructureShape | None = get_service_model(service).operation_model(action).input_shape
    return shape


def ill_typed(shape: Shape, value: Any) -> bool:
    """Whether something in a JSON value has another type than the model says; what it lacks is overlooked."""
    if value is None or getattr(shape, "is_document_type", False):
        return False
    if not isinstance(value, _TYPES.get(shape.type_name, (int,))) or _is_wrong_bool(shape, value):
        return True
    model: Any = shape
    given: Any = value
    if shape.type_name == "structure":
        return any(ill_typed(member, given.get(name)) for name, member in _members(model))
    if shape.type_name == "list":
        return any(ill_typed(model.member, each) for each in given)
    return shape.type_name == "map" and any(ill_typed(model.value, each) for each in given.values())


def _members(shape: StructureShape) -> Iterator[tuple[str, Shape]]:
    for name, member in shape.members.items():
        yield member.serialization.get("name", name), member


def _is_wrong_bool(shape: Shape, value: Any) -> bool:
    """In Python a boolean is a number, too."""
    return isinstance(value, bool) and shape.type_name != "boolean"
