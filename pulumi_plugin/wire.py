"""Values between the engine's messages and plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2

from pulumi_plugin.values import UNKNOWN, Secret, Values, plain

_UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the protocol's mark of a secret, not one itself
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"


class UnsupportedValueError(Exception):
    """A value of a kind that no plugin here takes (an asset, an archive)."""


def decode_map(struct: struct_pb2.Struct) -> Values:
    """A message's properties as plain values, secrets opened."""
    return {key: plain(value) for key, value in decode_marked(struct).items()}


def decode_marked(struct: struct_pb2.Struct) -> Values:
    """A message's properties with its secrets as `Secret`."""
    return {key: decode(value) for key, value in struct.fields.items()}


def decode(value: struct_pb2.Value) -> Any:
    """One value. Whole numbers become `int`: the wire knows only floats."""
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if value.string_value == _UNKNOWN_TEXT else value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [decode(item) for item in value.list_value.values]
    if kind == "struct_value":
        return _decode_struct(value.struct_value)
    return None


def _decode_struct(struct: struct_pb2.Struct) -> Any:
    if _SIGNATURE_KEY not in struct.fields:
        return decode_marked(struct)
    signature = struct.fields[_SIGNATURE_KEY].string_value
    if signature in (_SECRET, _OUTPUT):
        value = decode(struct.fields["value"]) if "value" in struct.fields else UNKNOWN
        secret = signature == _SECRET or ("secret" in struct.fields and struct.fields["secret"].bool_value)
        return Secret(value) if secret else value
    if signature == _RESOURCE:
        return decode(struct.fields["id"]) if "id" in struct.fields else UNKNOWN
    raise UnsupportedValueError("assets and archives are not supported by this plugin")


def encode_map(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Properties as a message; one that is None is left out."""
    return struct_pb2.Struct(fields={key: encode(value) for key, value in values.items() if value is not None})


def encode(value: Any) -> struct_pb2.Value:
    """One value as a message."""
    if value is None:
        return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    if value is UNKNOWN:
        return struct_pb2.Value(string_value=_UNKNOWN_TEXT)
    if isinstance(value, Secret):
        marked = {_SIGNATURE_KEY: struct_pb2.Value(string_value=_SECRET), "value": encode(value.value)}
        return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=marked))
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, (int, float)):
        return struct_pb2.Value(number_value=float(value))
    if isinstance(value, str):
        return struct_pb2.Value(string_value=value)
    if isinstance(value, Mapping):
        fields = {key: encode(item) for key, item in value.items()}
        return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=fields))
    return struct_pb2.Value(list_value=struct_pb2.ListValue(values=[encode(item) for item in value]))
