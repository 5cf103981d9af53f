"""A resource's inputs: what the program gives, the defaults, and made-up names."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from localcloud.plugins.fields import as_text
from localcloud.plugins.resource import Resource
from pulumi_plugin.plugin import Call
from pulumi_plugin.values import Values

DEFAULTS = "__defaults"  # Pulumi's own name for the list of the inputs that the program did not give


def given(resource: Resource[Any], values: Values) -> Values:
    """What the program gives of what there is."""
    fields = resource.fields
    return {key: as_text(fields[key], value) for key, value in values.items() if key in fields and value is not None}


def with_defaults(resource: Resource[Any], call: Call) -> Values:
    """The inputs with all defaults put in; a name is made up once and kept."""
    filled = given(resource, call.inputs)
    made_up = []
    for key, field in resource.fields.items():
        if key in filled:
            continue
        if field.autoname:
            before = call.old_inputs.get(key) if key in (call.old_inputs.get(DEFAULTS) or []) else None
            filled[key] = before or _physical_name(call.name, field.autoname, call.seed + key.encode())
        elif field.default is not None:
            filled[key] = field.default
        else:
            continue
        made_up.append(key)
    return {**filled, DEFAULTS: sorted(made_up)}


def without_internal(inputs: Values) -> Values:
    """The inputs without the engine's own."""
    return {key: value for key, value in inputs.items() if not key.startswith("__")}


def _physical_name(name: str, longest: int, seed: bytes) -> str:
    digits = hashlib.sha256(seed).hexdigest() if seed else secrets.token_hex(4)
    return f"{name[: longest - 8]}-{digits[:7]}"
