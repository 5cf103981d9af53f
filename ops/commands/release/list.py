"""`release list`: the history of an environment's releases, newest first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from ops.arguments import AsJson, Which
from ops.context import Context
from ops.releases import passage
from ops.releases.audit import Noted
from ops.releases.records import Entry
from ops.releases.who import short_name

LAST = 5  # events that are shown beside the releases
TITLES = ("no", "when (UTC)", "event", "digest", "commit", "by")


def list_(
    shell: typer.Context,
    environment: Which,
    events: Annotated[bool, typer.Option("--events", help="All that was done, and tried, instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what was released to an environment, newest first, and what was done to it last."""
    context = Context.of(shell)
    ours, output = passage.of(context, environment), context.output
    noted = ours.audit.events()
    entries = [] if events else ours.records.history()
    if as_json:
        output.json([event(one) for one in noted] if events else [shown(entry) for entry in entries])
        return
    if entries:
        output.table(TITLES, [row(entry) for entry in entries])
    elif not events:
        output.say(f"nothing was released to {environment} yet: it runs what a checkout held, or its branch")
    if noted and entries:
        output.line()
    for one in noted if events else noted[:LAST]:
        output.line(str(one.event), hang=4)


def event(noted: Noted) -> dict[str, Any]:
    """For programs."""
    told = noted.event.model_dump(mode="json", by_alias=True)
    return {"number": noted.number, "written": _time(noted.written), "writer": noted.writer, **told}


def shown(entry: Entry) -> dict[str, Any]:
    """For programs."""
    known = {"number": entry.number, "written": _time(entry.written), "writer": entry.writer, "passed": entry.passed}
    record = entry.release.model_dump(mode="json", by_alias=True) if entry.release else {"wrong": entry.wrong}
    return {**known, **record}


def row(entry: Entry) -> list[object]:
    """For people: as wide as a terminal of 80 columns, or less."""
    release, when = entry.release, _time(entry.written, "%Y-%m-%d %H:%M")
    if release is None:
        return [entry.number, when, "unreadable", "", "", short_name(entry.writer)]
    commit = (release.commit or "")[:7]
    by = short_name(release.by or entry.writer)
    return [entry.number, when, release.event or "released", release.digest[:19], commit, by[:15]]


def _time(when: datetime, form: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    return when.astimezone(UTC).strftime(form)
