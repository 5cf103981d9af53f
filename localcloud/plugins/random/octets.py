"""Random bytes and ids."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from typing import ClassVar

from localcloud.plugins.fields import Fields, integer, string
from localcloud.plugins.random.kept import KEEPERS, NO_ID, Kept
from localcloud.plugins.resource import Values


class RandomBytes(Kept):
    """Secret bytes; imported by their base64."""

    type_ = "random:index/randomBytes:RandomBytes"
    fields: ClassVar[Fields] = {"length": integer(required=True, replace=True), **KEEPERS}
    outputs = ("base64", "hex")
    secrets = frozenset(outputs)
    told_once = frozenset(outputs)

    def invalid(self, inputs: Values) -> Mapping[str, str]:
        """At least one."""
        return _too_few("length", inputs)

    def make(self, inputs: Values) -> tuple[str, Values]:
        """Bytes in two forms."""
        return NO_ID, _forms(secrets.token_bytes(inputs["length"]))

    def adopt(self, given: str) -> Values:
        """The bytes as base64."""
        value = base64.b64decode(given, validate=True)
        return {"length": len(value), **_forms(value)}


class RandomId(Kept):
    """Bytes for names, no secret; the id is their base64 for URLs."""

    type_ = "random:index/randomId:RandomId"
    fields: ClassVar[Fields] = {
        "byteLength": integer(required=True, replace=True),
        "prefix": string(replace=True),
        **KEEPERS,
    }
    outputs = ("b64Std", "b64Url", "dec", "hex")
    told_once = frozenset(outputs)

    def invalid(self, inputs: Values) -> Mapping[str, str]:
        """At least one."""
        return _too_few("byteLength", inputs)

    def make(self, inputs: Values) -> tuple[str, Values]:
        """Bytes in four forms, each with the prefix."""
        return _id_forms(secrets.token_bytes(inputs["byteLength"]), inputs.get("prefix") or "")

    def adopt(self, given: str) -> Values:
        """`PREFIX,ID` or the id alone."""
        prefix, _, text = given.rpartition(",")
        value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return {"byteLength": len(value), **({"prefix": prefix} if prefix else {}), **_id_forms(value, prefix)[1]}


def _too_few(name: str, inputs: Values) -> dict[str, str]:
    count = inputs.get(name)
    return {name: "must be at least 1"} if isinstance(count, int) and count < 1 else {}


def _forms(value: bytes) -> Values:
    return {"base64": base64.b64encode(value).decode(), "hex": value.hex()}


def _id_forms(value: bytes, prefix: str) -> tuple[str, Values]:
    url = base64.urlsafe_b64encode(value).decode().rstrip("=")
    return url, {
        "b64Std": prefix + base64.b64encode(value).decode(),
        "b64Url": prefix + url,
        "dec": prefix + str(int.from_bytes(value)),
        "hex": prefix + value.hex(),
    }
