"""A variable in the environment of processes."""

from __future__ import annotations

from pydantic import Field

from localcloud.render.api.store import Frozen


class EnvVar(Frozen):
    """One variable of a service or of an env group."""

    key: str
    value: str = Field(repr=False)
