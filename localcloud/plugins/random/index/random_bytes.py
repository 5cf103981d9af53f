"""Secret bytes."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from typing import ClassVar

from localcloud.plugins.fields import Fields, integer
from localcloud.plugins.random.value import KEEPERS, NO_ID, RandomValue, too_few
from pulumi_plugin.values import Values


class RandomBytes(RandomValue):
    """Secret bytes; imported by their base64."""

    type_ = "random:index/randomBytes:RandomBytes"
    fields: ClassVar[Fields] = {"length": integer(required=True, replace=True), **KEEPERS}
    outputs = ("base64", "hex")
    secrets = frozenset(outputs)
    only_from_create = frozenset(outputs)

    def invalid(self, inputs: Values) -> Mapping[str, str]:
        """At least one."""
        return too_few("length", inputs)

    def make(self, inputs: Values) -> tuple[str, Values]:
        """Bytes in two forms."""
        return NO_ID, _forms(secrets.token_bytes(inputs["length"]))

    def adopt(self, given: str) -> Values:
        """The bytes as base64."""
        value = base64.b64decode(given, validate=True)
        return {"length": len(value), **_forms(value)}


def _forms(value: bytes) -> Values:
    return {"base64": base64.b64encode(value).decode(), "hex": value.hex()}
