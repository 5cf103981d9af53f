"""The package's schema: what `pulumi import` and code generators need."""

from __future__ import annotations

from typing import Any

from registry_provider.provider import VERSION

_TEXT = {"type": "string"}
_INPUTS = ("repository", "registryId", "region", "tag", "context", "dockerfile", "platform")


def document() -> dict[str, Any]:
    """The schema."""
    inputs = dict.fromkeys(_INPUTS, _TEXT)
    asked = dict.fromkeys(("repository", "registryId", "region", "digest"), _TEXT)
    return {
        "name": "registry",
        "version": VERSION,
        "description": "Images in ECR: found by their tag, built and pushed where the tag is not there.",
        "resources": {
            "registry:index:Image": {
                "inputProperties": inputs,
                "requiredInputs": sorted(_INPUTS),
                "properties": {**inputs, "digest": _TEXT},
                "required": sorted((*_INPUTS, "digest")),
            }
        },
        "functions": {
            "registry:index:getImage": {
                "inputs": {"properties": asked, "required": ["repository", "digest"]},
                "outputs": {"properties": {"found": {"type": "boolean"}, "url": _TEXT}, "required": ["found"]},
            }
        },
    }
