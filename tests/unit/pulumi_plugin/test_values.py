"""What the engine's messages carry, as plain Python and back."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import struct_pb2

from pulumi_plugin.values import UNKNOWN, Secret, has_secret, has_unknown
from pulumi_plugin.wire import UnsupportedValueError, decode_map, decode_marked, encode_map

SIGNATURE = "4dabf18193072939515e22adb298388d"
VALUES = {
    "text": "a",
    "whole": 3,
    "part": 0.5,
    "yes": True,
    "list": [1, {"inner": Secret("canary")}],
    "secret": Secret({"key": "canary"}),
    "later": UNKNOWN,
    "hidden": Secret(UNKNOWN),
    "object": {"null": None},
}


def test_values_come_back_as_they_were() -> None:
    """With their marks, unknowns and nulls inside of objects; only a property that is None is left out."""
    assert decode_marked(encode_map({**VALUES, "absent": None})) == VALUES


def test_plain_values_have_no_marks() -> None:
    """Secrets are opened at every depth."""
    decoded = decode_map(encode_map(VALUES))

    assert decoded["secret"] == {"key": "canary"}
    assert decoded["list"] == [1, {"inner": "canary"}]
    assert decoded["hidden"] is UNKNOWN


@pytest.mark.parametrize(
    ("value", "unknown", "secret"),
    [({"a": [UNKNOWN]}, True, False), ([{"a": Secret(1)}], False, True), ({"a": [1, "b", None]}, False, False)],
)
def test_marks_are_found_at_any_depth(value: object, unknown: bool, secret: bool) -> None:
    """A property counts as secret, or as unknown, when anything in it is."""
    assert (has_unknown(value), has_secret(value)) == (unknown, secret)


def test_a_secret_shows_stars() -> None:
    """Nothing prints it by mistake."""
    assert "canary" not in repr(VALUES)


def test_an_output_with_a_secret_mark_is_a_secret() -> None:
    """The engine may wrap a value as an output, known or not."""
    wrapped = {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": "canary", "secret": True}

    assert decode_marked(_struct({"a": wrapped})) == {"a": Secret("canary")}
    assert decode_marked(_struct({"a": {SIGNATURE: wrapped[SIGNATURE]}})) == {"a": UNKNOWN}


def test_an_asset_is_refused() -> None:
    """No resource here takes a file."""
    asset = {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "x"}

    with pytest.raises(UnsupportedValueError, match="assets and archives are not supported"):
        decode_map(_struct({"a": asset}))


def _struct(values: dict[str, Any]) -> struct_pb2.Struct:
    message = struct_pb2.Struct()
    message.update(values)
    return message
