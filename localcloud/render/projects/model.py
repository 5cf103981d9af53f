"""A named set of environments."""

from __future__ import annotations

from typing import ClassVar

from localcloud.render.api.store import Record


class Project(Record):
    """Its environments point to it."""

    kind: ClassVar = "project"

    name: str
    created_at: str
    updated_at: str
