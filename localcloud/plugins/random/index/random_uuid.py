"""Random UUIDs."""

from __future__ import annotations

import uuid
from typing import ClassVar

from localcloud.plugins.fields import Fields
from localcloud.plugins.random.value import KEEPERS, RandomValue
from pulumi_plugin.values import Values


class RandomUuid(RandomValue):
    """One UUID; it is its own id."""

    type_ = "random:index/randomUuid:RandomUuid"
    fields: ClassVar[Fields] = KEEPERS
    outputs = ("result",)
    only_from_create = frozenset(outputs)

    def make(self, inputs: Values) -> tuple[str, Values]:
        """Version 4."""
        result = str(uuid.uuid4())
        return result, {"result": result}

    def adopt(self, given: str) -> Values:
        """The UUID itself."""
        return {"result": str(uuid.UUID(given))}
