"""What a release has to show before it keeps the traffic, and for how long it is watched."""

from __future__ import annotations

from pydantic import Field

from infra.settings import Settings


class Gate(Settings):
    """A release that does not show all of it goes back to the one before it, by itself."""

    consecutive: int = Field(default=3, ge=1, le=100)
    """How many answers in a row, each on a connection of its own, have to come from the new release."""
    watch_seconds: int = Field(default=10, ge=0, le=900)
    """How long after its switch a service's instances may not crash; 5 s at most where it replaces no release."""
    bake_seconds: int = Field(default=30, ge=0, le=3600)
    """How long the whole environment is observed after its last service has switched."""
    error_percent: float = Field(default=1.0, ge=0, le=100)
    """How many of the requests may fail meanwhile, beyond what failed before the release."""
    latency_ratio: float = Field(default=2.0, ge=1, le=100)
    """How many times slower than the release before it may answer meanwhile."""
