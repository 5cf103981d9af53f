"""What the user gives up by name: made anew, and empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console.errors import WRONG_USE, ExplainedError
from infra.config import Stack

ACCEPTED = "RENDER_RECREATE"  # read by the provider: what may be made anew without its data
BUCKETS = ("backups", "media")


def variables(given_up: Sequence[str], stack: Stack) -> dict[str, str]:
    """What the provider is told of them; only what holds data has a name here."""
    environment, names = stack.environment, stack.names
    known = [environment, names.database, names.cache, *(names.bucket(use) for use in BUCKETS)]
    for name in given_up:
        if name not in known:
            raise ExplainedError(
                f"cannot recreate {name}",
                f"only what holds data is named, which here is {', '.join(known)}",
                hint=f"everything else is made anew by itself: ./slipway up {environment}",
                code=WRONG_USE,
            )
    return {ACCEPTED: ",".join(given_up)} if given_up else {}


def accepted_names(variables: Mapping[str, str]) -> list[str]:
    """The names in what the provider is told."""
    return [name for name in variables.get(ACCEPTED, "").split(",") if name]
