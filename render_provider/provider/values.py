"""Pulumi's property values as plain Python, and back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pulumi.provider.experimental.property_value import Computed, PropertyValue
from pulumi.runtime.rpc import UNKNOWN as UNKNOWN_SIGNATURE

Properties = Mapping[str, PropertyValue]


class Unknown:
    """A value that a preview does not have yet."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = Unknown()


def to_python(value: PropertyValue | Properties) -> Any:
    """The plain value: secrets opened, whole numbers as integers, what is not known yet as `UNKNOWN`."""
    inner = value.value if isinstance(value, PropertyValue) else value
    if isinstance(inner, Computed) or inner == UNKNOWN_SIGNATURE:
        return UNKNOWN
    if isinstance(inner, Mapping):
        return {key: to_python(item) for key, item in inner.items()}
    if isinstance(inner, Sequence) and not isinstance(inner, str):
        return [to_python(item) for item in inner]
    return int(inner) if isinstance(inner, float) and inner.is_integer() else inner


def to_pulumi(value: Any, *, secret: bool = False) -> PropertyValue:
    """The same value as Pulumi carries it."""
    if isinstance(value, Unknown):
        return PropertyValue(UNKNOWN_SIGNATURE, is_secret=secret)
    if isinstance(value, Mapping):
        return PropertyValue({key: to_pulumi(item) for key, item in value.items()}, is_secret=secret)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return PropertyValue([to_pulumi(item) for item in value], is_secret=secret)
    return PropertyValue(float(value) if type(value) is int else value, is_secret=secret)


def to_properties(values: Mapping[str, Any], secrets: Collection[str]) -> dict[str, PropertyValue]:
    """Properties with those named marked secret; a value that is `None` is left out."""
    return {key: to_pulumi(value, secret=key in secrets) for key, value in values.items() if value is not None}


def secret_names(properties: Properties) -> set[str]:
    """The properties that the program itself made secret."""
    return {key for key, value in properties.items() if value.contains_secret()}


def has_unknown(value: Any) -> bool:
    """Whether any part of a plain value is not known yet."""
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return isinstance(value, Unknown)
