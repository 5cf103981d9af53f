"""What a program asks of a release."""

from __future__ import annotations

import os
from typing import Annotated

from pydantic import Field

from render_provider.provider.resource import Inputs

FIRST_SECONDS = 5  # a release that replaces none is watched no longer
SHORTENED = "SLIPWAY_WATCH_SECONDS"  # the most that tests of something else wait for crashes


class Gate(Inputs):
    """What a release has to show after its switch; one that does not goes back to the release before it.

    A change of these alone deploys nothing.
    """

    consecutive: Annotated[int, Field(ge=1, le=100)] = 1
    """How many answers of `verify_url` in a row, each on a connection of its own, have to show the release, for each
    instance."""
    smoke: dict[str, Annotated[int, Field(ge=100, le=599)]] | None = None
    """The status that each of these paths has to answer, below the address of `verify_url`."""
    watch_seconds: Annotated[int, Field(ge=0, le=900)] = 0
    """How long after the switch no instance may crash; 5 s at most where there is no release before it."""
    followed_by: str | None = None
    """The name of a service whose deploy follows and has this one in `watches_too`: where neither had a release
    before, that is the watch of both."""
    watches_too: str | None = None
    """The id of a service that is watched for crashes as well, where what it runs is its first release."""
    workers_url: str | None = None
    """The address that answers 200 to `?version=VERSION` once a worker of that release has proved itself."""
    check_command: str | None = None
    """A command that proves that a cron job could run, run once with the release."""


def watched_seconds(gate: Gate, *, is_first: bool) -> float:
    """How long this release is watched."""
    longest = float(os.environ.get(SHORTENED) or gate.watch_seconds)
    return min(gate.watch_seconds, longest, FIRST_SECONDS if is_first else longest)
