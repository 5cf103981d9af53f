"""Bytes for names."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from typing import ClassVar

from localcloud.plugins.fields import Fields, integer, string
from localcloud.plugins.random.value import KEEPERS, RandomValue, too_few
from pulumi_plugin.values import Values


class RandomId(RandomValue):
    """Bytes for names, no secret; the id is their base64 for URLs."""

    type_ = "random:index/randomId:RandomId"
    fields: ClassVar[Fields] = {
        "byteLength": integer(required=True, replace=True),
        "prefix": string(replace=True),
        **KEEPERS,
    }
    outputs = ("b64Std", "b64Url", "dec", "hex")
    only_from_create = frozenset(outputs)

    def invalid(self, inputs: Values) -> Mapping[str, str]:
        """At least one."""
        return too_few("byteLength", inputs)

    def make(self, inputs: Values) -> tuple[str, Values]:
        """Bytes in four forms, each with the prefix."""
        return _forms(secrets.token_bytes(inputs["byteLength"]), inputs.get("prefix") or "")

    def adopt(self, given: str) -> Values:
        """`PREFIX,ID` or the id alone."""
        prefix, _, text = given.rpartition(",")
        value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return {"byteLength": len(value), **({"prefix": prefix} if prefix else {}), **_forms(value, prefix)[1]}


def _forms(value: bytes, prefix: str) -> tuple[str, Values]:
    url = base64.urlsafe_b64encode(value).decode().rstrip("=")
    return url, {
        "b64Std": prefix + base64.b64encode(value).decode(),
        "b64Url": prefix + url,
        "dec": prefix + str(int.from_bytes(value)),
        "hex": prefix + value.hex(),
    }
