"""`backup status`: whether there is a good one that is young enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import typer

from console.errors import FAILED
from ops.arguments import AsJson, Which
from ops.backups import place
from ops.backups.status import Status
from ops.backups.status import status as look
from ops.context import Context


def status(shell: typer.Context, environment: Which, as_json: AsJson = False) -> None:
    """Tell whether an environment's newest backup is fresh, old, or the last try failed; exit code 1 unless fresh."""
    context = Context.of(shell)
    there = place.of(context, environment)
    found = look(there, context.doors.leftovers(there.clients, there.objects.name))
    if as_json:
        context.output.json(data(found))
    else:
        context.output.values(lines(found, there.stack.backups.schedule))
    for warning in found.warnings:
        context.output.say(warning.replace(" ENV", f" {environment}"))
    if not found.is_fresh:
        context.output.say(f"make one now: ./slipway backup create {environment}")
        raise typer.Exit(FAILED)


def data(found: Status) -> dict[str, Any]:
    """For programs."""
    newest, failure = found.newest, found.failure
    return {
        "status": found.verdict,
        "newest": {"id": newest.id, "finished": _time(newest.modified), "size": newest.size} if newest else None,
        "age_seconds": round(found.age.total_seconds()) if found.age is not None else None,
        "limit_seconds": round(found.limit.total_seconds()),
        "failure": {"id": failure.id, "failed": _time(failure.failed), "why": failure.why} if failure else None,
        "running": list(found.running),
        "next": _time(found.following),
        "recovery_keys": [{"recipient": one, "opened": _time(at)} for one, at in found.recovery_keys.items()],
        "alarms": dict(found.alarms) if found.alarms is not None else None,
        "warnings": found.warnings,
    }


def lines(found: Status, schedule: str) -> dict[str, str]:
    """For people."""
    newest, failure = found.newest, found.failure
    told = {"status": found.verdict}
    told["newest"] = f"{newest.id}, {newest.size} bytes, {_age(found.age)} old" if newest else "none"
    told["limit"] = f"{_age(found.limit)}; then the alarm goes off"
    if failure:
        told["failed"] = f"{failure.id} at {_time(failure.failed)}: {failure.why}"
    if found.running:
        told["at work"] = ", ".join(found.running)
    told["next"] = f"{_time(found.following) or 'never'} ({schedule})"
    for number, (one, opened) in enumerate(found.recovery_keys.items(), start=1):
        when = f"last opened a backup in a drill at {_time(opened)}" if opened else "never opened one in a drill"
        told[f"recovery key {number}"] = f"{one} {when}"
    if not found.recovery_keys:
        told["recovery"] = "no key is named"
    states = [f"{name} {state}" for name, state in sorted((found.alarms or {}).items())]
    told["alarms"] = ", ".join(states) or "none can be seen"
    return told


def _time(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def _age(age: timedelta | None) -> str:
    minutes = round((age or timedelta()).total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
