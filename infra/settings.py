"""What every section of a stack file is."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Frozen and closed: a typo in a key is an error, never a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid")
