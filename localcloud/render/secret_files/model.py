"""A file that only processes shall read."""

from __future__ import annotations

from pydantic import Field

from localcloud.render.api.store import Frozen


class SecretFile(Frozen):
    """One file of a service or of an env group."""

    name: str
    content: str = Field(repr=False)
