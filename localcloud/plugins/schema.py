"""What a stand-in plugin tells of itself, for `pulumi import` and whoever else asks: made from its fields.

https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from localcloud.plugins.fields import Field, Fields
from localcloud.plugins.resource import Function, Resource

_PLAIN = {"string": "string", "boolean": "boolean", "integer": "integer", "number": "number"}
_JSON = {"json", "policy"}  # kept as text
_ANY = {"$ref": "pulumi.json#/Any"}


def text(
    name: str, version: str, config: Fields, resources: Iterable[Resource[Any]], functions: Iterable[Function[Any]]
) -> str:
    """The whole schema, as JSON."""
    types: dict[str, Any] = {}
    written = {resource.type_: _resource(resource, types) for resource in resources}
    schema = {
        "name": name,
        "version": version,
        "config": {"variables": _properties(config, "config", types, name)},
        "provider": {"inputProperties": _properties(config, "config", types, name)},
        "types": types,
        "resources": written,
        "functions": {each.name: _function(each, types) for each in functions},
    }
    return json.dumps(schema)


def _resource(resource: Resource[Any], types: dict[str, Any]) -> dict[str, Any]:
    module, _, name = resource.type_.rpartition(":")
    inputs = _properties(resource.fields, name, types, module)
    for each, field in resource.fields.items():
        if field.replace:
            inputs[each]["willReplaceOnChanges"] = True
    properties: dict[str, Any] = {each: dict(spec) for each, spec in inputs.items()}
    inputs.pop("tagsAll", None)  # the plugin's own sum of tags and defaults: programs cannot say it
    more = {each: {"type": "string"} for each in resource.outputs}
    more |= {each: _constant(value) for each, value in resource.constants.items()}
    properties |= more
    for each in resource.secrets & properties.keys():
        properties[each]["secret"] = True
    required = [each for each, field in resource.fields.items() if field.required]
    return {
        "description": resource.__doc__ or "",
        "inputProperties": inputs,
        "requiredInputs": required,
        "properties": properties,
        "required": [*required, *resource.outputs],
    }


def _function(function: Function[Any], types: dict[str, Any]) -> dict[str, Any]:
    module, _, name = function.name.rpartition(":")
    inputs = {
        "properties": _properties(function.fields, name, types, module),
        "required": [each for each, field in function.fields.items() if field.required],
    }
    return {
        "description": function.call.__doc__ or "",
        "inputs": inputs,
        "outputs": {"properties": {"id": {"type": "string"}}},
    }


def _properties(fields: Fields, owner: str, types: dict[str, Any], module: str) -> dict[str, dict[str, Any]]:
    return {
        name: _type(field, f"{owner}{name[0].upper()}{name[1:]}", types, module) for name, field in fields.items()
    }


def _type(field: Field, name: str, types: dict[str, Any], module: str) -> dict[str, Any]:
    if field.kind in _PLAIN:
        return {"type": _PLAIN[field.kind]}
    if field.kind in _JSON:
        return {"type": "string"}
    if field.kind == "map":
        return {"type": "object", "additionalProperties": _type(field.of, name, types, module) if field.of else _ANY}
    if field.kind in ("list", "set"):
        return {"type": "array", "items": _type(field.of, name, types, module) if field.of else _ANY}
    inner = field.fields or {}
    token = f"{module}:{name}"
    types[token] = {
        "type": "object",
        "properties": _properties(inner, name, types, module),
        "required": [each for each, one in inner.items() if one.required],
    }
    return {"$ref": f"#/types/{token}"}


def _constant(value: Any) -> dict[str, Any]:
    """The type of an output that is always the same."""
    if isinstance(value, list):
        return {"type": "array", "items": {"type": "string"}}
    return {"type": {bool: "boolean", int: "integer"}.get(type(value), "string")}
