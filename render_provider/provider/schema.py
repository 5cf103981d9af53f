"""The package's schema, made from the models: what `pulumi import` and code generators need."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from render_provider.provider.resource import Resource

ANY = {"$ref": "pulumi.json#/Any"}


def document(version: str, resources: Mapping[str, Resource[Any]]) -> str:
    """The schema as JSON."""
    config = {
        "apiKey": {"type": "string", "secret": True, "description": "Falls back to RENDER_API_KEY."},
        "ownerId": {"type": "string", "description": "The workspace; falls back to RENDER_OWNER_ID."},
        "host": {"type": "string", "description": "Falls back to RENDER_HOST, then to Render itself."},
    }
    return json.dumps(
        {
            "name": "render",
            "version": version,
            "description": "Render's services, data stores and environments.",
            "config": {"variables": config},
            "provider": {"inputProperties": config},
            "resources": {type_: _resource(resource) for type_, resource in resources.items()},
            "functions": {
                "render:index:getProject": {
                    "inputs": {"properties": {"name": {"type": "string"}}, "required": ["name"]},
                    "outputs": {
                        "properties": {
                            "id": {"type": "string"},
                            "name": {"type": "string"},
                            "environmentIds": {"type": "array", "items": {"type": "string"}},
                        },
                        "required": ["id", "name", "environmentIds"],
                    },
                }
            },
        }
    )


def _resource(resource: Resource[Any]) -> dict[str, Any]:
    model = resource.inputs.model_json_schema(by_alias=True)
    definitions = model.get("$defs", {})
    inputs = {name: _type(node, definitions) for name, node in model["properties"].items()}
    for name in resource.secrets & inputs.keys():
        inputs[name]["secret"] = True
    for name in resource.replace_on & inputs.keys():
        inputs[name]["willReplaceOnChanges"] = True
    outputs: dict[str, Any] = {name: {"type": "string"} for name in resource.outputs}
    if resource.release:
        outputs["revision"] = {"type": "string", "secret": True}
    for name in resource.secrets & outputs.keys():
        outputs[name]["secret"] = True
    return {
        "description": (resource.inputs.__doc__ or "").strip(),
        "inputProperties": inputs,
        "requiredInputs": model.get("required", []),
        "properties": {**inputs, **outputs},
        "required": sorted({*model.get("required", []), *outputs}),
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
