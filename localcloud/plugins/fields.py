"""What an input may be: its kind, its default, what its change means, and when two values are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from localcloud.plugins.checks import Check, in_snake_case
from localcloud.plugins.policies import canonical_policy
from pulumi_plugin.values import UNKNOWN, has_unknown

Kind = Literal["string", "boolean", "integer", "number", "json", "policy", "map", "list", "set", "object"]
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "json": (str, Mapping),
    "policy": (str, Mapping),
    "map": (Mapping,),
    "list": (list,),
    "set": (list,),
    "object": (Mapping,),
}
_ARTICLES = {
    "integer": "a whole number",
    "json": "a JSON document",
    "policy": "a JSON document",
    "set": "a list",
    "map": "an object",
    "object": "an object",
}


@dataclass(frozen=True)
class Field:
    """One input, or one value inside of another."""

    kind: Kind
    of: Field | None = None
    fields: Mapping[str, Field] | None = None
    required: bool = False
    default: Any = None
    replace: bool = False
    computed: bool = False  # the cloud gives it a value when the program does not
    local: bool = False  # tells this plugin how to work: the cloud does not know it
    autoname: int = 0  # the longest name that check may make up
    valid: tuple[Check, ...] = ()  # what the provider checks of it
    valid_keys: tuple[Check, ...] = ()  # the same of a map's names
    secret: bool = False


def string(**options: Any) -> Field:
    """A text."""
    return Field("string", **options)


def boolean(**options: Any) -> Field:
    """True or false."""
    return Field("boolean", **options)


def integer(**options: Any) -> Field:
    """A whole number."""
    return Field("integer", **options)


def number(**options: Any) -> Field:
    """Any number."""
    return Field("number", **options)


def json_text(**options: Any) -> Field:
    """A JSON document, compared by what it says."""
    return Field("json", **options)


def policy(**options: Any) -> Field:
    """An IAM policy document, compared by what it grants."""
    return Field("policy", **options)


def mapping(of: Field | None = None, **options: Any) -> Field:
    """Values by free names."""
    return Field("map", of=of or string(), **options)


def ordered(of: Field | None = None, **options: Any) -> Field:
    """A list whose order means something."""
    return Field("list", of=of or string(), **options)


def unordered(of: Field | None = None, **options: Any) -> Field:
    """A list whose order means nothing."""
    return Field("set", of=of or string(), **options)


def structure(fields: Mapping[str, Field], **options: Any) -> Field:
    """An object of known fields."""
    return Field("object", fields=fields, **options)


Fields = Mapping[str, Field]


def problems(field: Field, value: Any, path: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a value: the path of the property and the reason."""
    if value is UNKNOWN or value is None:
        return
    if not isinstance(value, _TYPES[field.kind]) or (isinstance(value, bool) and field.kind != "boolean"):
        yield path, f"expected {_ARTICLES.get(field.kind, f'a {field.kind}')}, got {_shown(value)}"
        return
    if field.kind in ("json", "policy") and isinstance(value, str) and (why := _malformed(field.kind, value)):
        yield path, f'"{in_snake_case(path)}" {why}'
    yield from _refused(field.valid, value, path)
    if field.kind in ("list", "set"):
        for place, item in enumerate(value):
            yield from problems(_of(field), item, f"{path}[{place}]")
    elif field.kind == "map":
        for key, item in value.items():
            yield from _refused(field.valid_keys, key, f"{path}.{key}")
            yield from problems(_of(field), item, f"{path}.{key}")
    elif field.kind == "object":
        yield from object_problems(field.fields or {}, value, f"{path}.")


def _refused(checks: tuple[Check, ...], value: Any, path: str) -> Iterator[tuple[str, str]]:
    for check in checks:
        if reason := check(in_snake_case(path), value):
            yield path, reason
            return


def object_problems(fields: Fields, values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """What is wrong with an object: unknown and missing fields, then each field's own problems."""
    for key in values:
        if key not in fields and not key.startswith("__"):
            known = ", ".join(sorted(fields))
            yield f"{prefix}{key}", f"this stand-in plugin does not support this property (it supports: {known})"
    for key, field in fields.items():
        if values.get(key) is None:
            if field.required:
                yield f"{prefix}{key}", "missing required property"
        else:
            yield from problems(field, values[key], f"{prefix}{key}")


def normal(field: Field, value: Any) -> Any:
    """A form in which two values are equal exactly when they mean the same."""
    if value is UNKNOWN:
        return UNKNOWN
    if value is None or value == "":
        value = field.default
    if value is None:
        return None
    if field.kind in ("json", "policy"):
        return _document(field.kind, value)
    if field.kind in ("list", "set"):
        items = [normal(_of(field), item) for item in value]
        ordered = sorted(items, key=repr) if field.kind == "set" else items
        return ordered or None
    if field.kind == "map":
        return {key: normal(_of(field), item) for key, item in value.items()} or None
    if field.kind == "object":
        inner = {key: normal(each, value.get(key)) for key, each in (field.fields or {}).items()}
        return {key: item for key, item in inner.items() if item is not None} or None
    return value


def same(field: Field, one: Any, other: Any) -> bool:
    """Whether two values mean the same; an unknown one is the same as nothing."""
    return not (has_unknown(one) or has_unknown(other)) and bool(normal(field, one) == normal(field, other))


def as_text(field: Field, value: Any) -> Any:
    """Documents given as objects become JSON text, as the cloud takes them."""
    if field.kind in ("json", "policy") and isinstance(value, Mapping):
        return UNKNOWN if has_unknown(value) else json.dumps(value)
    return value


def required(field: Field) -> Field:
    """The same field, required."""
    return replace(field, required=True)


def _of(field: Field) -> Field:
    return field.of or string()


def _document(kind: str, value: Any) -> Any:
    parsed = json.loads(value) if isinstance(value, str) else value
    return canonical_policy(parsed) if kind == "policy" else parsed


def _malformed(kind: str, value: str) -> str:
    """What is wrong with a document as a text."""
    what = "JSON policy" if kind == "policy" else "JSON"
    if kind == "policy" and not value:
        return "is an empty string, which is not a valid JSON value"
    if kind == "policy" and value[0].isspace():
        return "contains an invalid JSON policy: leading space characters are not allowed"
    try:
        document = json.loads(value)
    except ValueError as error:
        return f"contains an invalid {what}: {error}"
    return (
        "contains an invalid JSON policy: not a JSON object"
        if kind == "policy" and not isinstance(document, dict)
        else ""
    )


def _shown(value: Any) -> str:
    """A value's kind, never the value: it may be a secret."""
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, (int, float)):
        return "a number"
    return "an object" if isinstance(value, Mapping) else "a list"
