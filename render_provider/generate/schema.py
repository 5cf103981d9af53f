"""`schema.json`: what the provider tells of itself, for `pulumi import` and code generators."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from render_provider.generate.models import Model, paragraphs, properties
from render_provider.provider.function import Function
from render_provider.provider.resource import Resource

ANY = {"$ref": "pulumi.json#/Any"}
CONFIG = {
    "apiKey": {"type": "string", "secret": True, "description": "Falls back to RENDER_API_KEY."},
    "ownerId": {"type": "string", "description": "The workspace; falls back to RENDER_OWNER_ID."},
    "host": {"type": "string", "description": "Falls back to RENDER_HOST, then to Render itself."},
}


def text(origin: str, version: str, resources: Mapping[str, Resource[Any]], functions: Mapping[str, Function]) -> str:
    """The file; `origin` stands where the schema has room for where it is from."""
    schema = {
        "attribution": origin,
        "name": "render",
        "version": version,
        "description": "Render's services, data stores and environments.",
        "config": {"variables": CONFIG},
        "provider": {"inputProperties": CONFIG},
        "resources": {type_: _resource(resource) for type_, resource in resources.items()},
        "functions": {name: _function(function) for name, function in functions.items()},
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _resource(resource: Resource[Any]) -> dict[str, Any]:
    inputs, outputs = _types(resource.inputs), _types(resource.outputs)
    if resource.release:
        outputs["revision"] = {"type": "string", "secret": True}
    for name in resource.secrets:
        for kinds in (inputs, outputs):
            if name in kinds:
                kinds[name]["secret"] = True
    required = [prop.render_name for prop in properties(resource.inputs) if prop.required]
    return {
        "description": "\n\n".join(paragraphs(type(resource))),
        "inputProperties": {
            name: {**kind, "willReplaceOnChanges": True} if name in resource.replace_on else kind
            for name, kind in inputs.items()
        },
        "requiredInputs": required,
        "properties": {**inputs, **outputs},
        "required": sorted({*required, *outputs}),
    }


def _function(function: Function) -> dict[str, Any]:
    return {
        "description": "\n\n".join(paragraphs(type(function))),
        "inputs": {"properties": _types(function.inputs), "required": list(function.inputs.names())},
        "outputs": {"properties": _types(function.outputs), "required": list(function.outputs.names())},
    }


def _types(model: Model) -> dict[str, dict[str, Any]]:
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.get("$defs", {})
    return {
        prop.render_name: _type(schema["properties"][prop.render_name], definitions) for prop in properties(model)
    }


def _type(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        node = definitions[node["$ref"].rpartition("/")[2]]
    if "anyOf" in node:
        [node] = [option for option in node["anyOf"] if option.get("type") != "null"]
        return _type(node, definitions)
    kind = node.get("type")
    if kind == "array":
        return {"type": "array", "items": _type(node["items"], definitions)}
    if kind == "object" and isinstance(node.get("additionalProperties"), dict):
        return {"type": "object", "additionalProperties": _type(node["additionalProperties"], definitions)}
    return {"type": kind} if kind in ("string", "integer", "number", "boolean") else dict(ANY)
