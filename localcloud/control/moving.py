"""Moves the local cloud's clock on: not in one jump, but to each moment at which something is due, one by one."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from console.errors import ExplainedError
from localcloud.machine import clock
from localcloud.machine.due import PATH, Happening
from localcloud.machine.ports import HOST, ports

DAEMONS = ("render", "aws")  # what cron jobs have written is there when AWS looks at it
STEP = timedelta(microseconds=1)  # two things due at one moment are told together; time must go on
SECONDS = 300.0
Ask = Callable[[str, str, str], Any]


def ask(daemon: str, method: str, path: str) -> Any:
    """What a daemon says; nothing from one that does not run."""
    number = ports().get(daemon)
    if number is None:
        return None
    connection = http.client.HTTPConnection(HOST, number, timeout=SECONDS)
    try:
        connection.connect()
    except OSError:
        return None
    try:
        connection.request(method, path, headers={"Content-Length": "0"})
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise ExplainedError(
                f"the local {daemon} cannot say what is due",
                f"HTTP {answer.status}: {said[:300].decode(errors='replace')}",
                hint=f"./slipway local logs {daemon}",
            )
        return json.loads(said)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ExplainedError(
            f"the local {daemon} did not carry out what is due",
            f"{type(error).__name__}: {error}; the clock stands at {clock.now():%Y-%m-%dT%H:%M:%SZ}",
            hint=f"./slipway local logs {daemon}; then ./slipway local start, and move it on to the time itself",
        ) from error
    finally:
        connection.close()


def silent() -> list[str]:
    """The daemons that do not run: nothing of theirs happens on the way."""
    return [daemon for daemon in DAEMONS if ask(daemon, "GET", PATH) is None]


def move(to: datetime, told: Callable[[Happening], None], ask: Ask = ask) -> None:
    """Move to that time; what falls due on the way happens at its own time, and is told as it happens.

    Interrupted, the clock stands at the last moment that was reached, with all before it done.
    """
    time.sleep(1 - time.time() % 1)  # what clients signed before, in whole seconds, is of the second before
    for happening in _carry_out(ask, clock.now()):  # also what an interrupted move has left going
        told(happening)
    while (now := clock.now()) < to:
        reached = min([to, *_next_due(ask, now)])
        clock.forward(reached)
        for happening in _carry_out(ask, reached):
            told(happening)


def _next_due(ask: Ask, now: datetime) -> Iterable[datetime]:
    for daemon in DAEMONS:
        said = ask(daemon, "GET", PATH)
        if said and said["at"]:
            yield max(datetime.fromisoformat(said["at"]), now + STEP)


def _carry_out(ask: Ask, since: datetime) -> Iterable[Happening]:
    for daemon in DAEMONS:
        for each in ask(daemon, "POST", f"{PATH}?since={quote(since.isoformat())}") or []:
            yield Happening(**each)
