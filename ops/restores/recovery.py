"""To a moment of one's choice: Render's point-in-time recovery, which makes a new instance."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from console.errors import REFUSED, WRONG_USE, ExplainedError
from ops.backups.place import Place
from ops.restores.room import called, render_database
from render_api.errors import RefusedError, RenderError

PATIENCE = 3600.0
LOOK_SECONDS = 10.0
BAD = ("recovery_failed", "unavailable")
NOT_KNOWN = (404, 501)


@dataclass(frozen=True)
class Recovered:
    """The instance that Render has made."""

    id: str
    name: str
    status: str


def parsed(text: str) -> datetime:
    """A moment, in UTC where it names no zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        why = f"`{text}` is no time as 2026-11-27T06:30:00Z is one"
        raise ExplainedError("cannot tell the moment", why, code=WRONG_USE) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def recover(place: Place, moment: datetime, wait: Callable[[float], None] = time.sleep) -> Recovered:
    """Have Render make it, and wait until it can be used."""
    environment = place.environment
    if moment > place.now():
        raise ExplainedError("cannot recover", f"{moment:%Y-%m-%dT%H:%M:%S%z} is still to come", code=WRONG_USE)
    database = render_database(place)
    if database is None:
        why = "Render knows no database of it, or DATABASE_URL names another one"
        raise ExplainedError(f"cannot recover {environment}", why, hint=f"./slipway up {environment}")
    render = place.context.doors.render(place.cloud)
    path = f"/postgres/{database['id']}/recovery"
    try:
        known = render.get(path)
        _refuse(environment, known, moment)
        name = f"{place.stack.names.database}-{moment.astimezone(UTC):%Y%m%dt%H%M%S}"
        body = {"restoreTime": moment.astimezone(UTC).isoformat().replace("+00:00", "Z"), "restoreName": name}
        made = called(place, name) or render.post(path, body)  # there already: the same command was cut off
        return _waited(place, str(made["id"]), wait)
    except RenderError as error:
        if isinstance(error, RefusedError) and error.status in NOT_KNOWN:
            raise ExplainedError(
                f"cannot recover {environment} to a moment",
                f"{place.cloud.name} has no point-in-time recovery (Render has it for paid databases)",
                hint=f"./slipway restore db {environment} restores the newest backup",
            ) from error
        raise ExplainedError(f"cannot recover {environment} to a moment", str(error)) from error


def _refuse(environment: str, known: dict[str, Any], moment: datetime) -> None:
    status, first = str(known.get("recoveryStatus")), known.get("startsAt")
    if status != "AVAILABLE":
        raise ExplainedError("refused", f"Render says of {environment}'s recovery: {status}", code=REFUSED)
    if first and moment < parsed(str(first)):
        raise ExplainedError("refused", f"Render goes back to {first}, and no further", code=REFUSED)


def _waited(place: Place, id_: str, wait: Callable[[float], None]) -> Recovered:
    render, status = place.context.doors.render(place.cloud), ""
    for _ in range(int(PATIENCE / LOOK_SECONDS)):
        found = render.get(f"/postgres/{id_}")
        if status != found["status"]:
            status = str(found["status"])
            place.context.output.say(f"{found['name']}: {status}")
        if status == "available":
            return Recovered(id_, str(found["name"]), status)
        if status in BAD:
            break
        wait(LOOK_SECONDS)
    raise ExplainedError(f"{id_} is not there", f"Render says: {status}", hint="look at it in Render's dashboard")
