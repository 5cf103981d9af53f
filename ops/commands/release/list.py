"""`release list`: the history of an environment's releases, newest first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import typer

from ops.arguments import AsJson, Which
from ops.context import Context
from ops.environments.stacks import load
from ops.releases import records
from ops.releases.records import Entry

TITLES = ("no", "when (UTC)", "event", "digest", "commit", "by")


def list_(shell: typer.Context, environment: Which, as_json: AsJson = False) -> None:
    """List what was released to an environment, newest first."""
    context = Context.of(shell)
    stack = load(environment)
    entries = records.of(stack, context.doors.aws(context.doors.choose(), stack.aws.region)).history()
    if as_json:
        context.output.json([shown(entry) for entry in entries])
    elif entries:
        context.output.table(TITLES, [row(entry) for entry in entries])
    else:
        context.output.say(f"nothing was released to {environment} yet: it runs what the checkout holds")


def shown(entry: Entry) -> dict[str, Any]:
    """For programs."""
    record = entry.release.model_dump(mode="json", by_alias=True) if entry.release else {"wrong": entry.wrong}
    return {"number": entry.number, "written": _time(entry.written), "writer": entry.writer, **record}


def row(entry: Entry) -> list[object]:
    """For people: as wide as a terminal of 80 columns, or less."""
    release, when = entry.release, _time(entry.written, "%Y-%m-%d %H:%M")
    if release is None:
        return [entry.number, when, "unreadable", "", "", short_name(entry.writer)]
    commit = (release.commit or "")[:7]
    by = release.by or short_name(entry.writer)
    return [entry.number, when, release.event or "released", release.digest[:19], commit, by[:20]]


def short_name(arn: str) -> str:
    """Who, of an ARN: `user/x`, or the session of a role."""
    return arn.rpartition(":")[2].removeprefix("assumed-role/").removeprefix("user/")


def _time(when: datetime, form: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    return when.astimezone(UTC).strftime(form)
