"""`local runs`: the workflows that run on this machine."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from console.errors import FAILED
from console.output import Output
from localcloud.control.github import LocalGitHub
from localcloud.control.runs import Runs
from localcloud.github.runs.source import DECLARED


def runs(
    number: Annotated[int | None, typer.Argument(metavar="[ID]", help="One run; without it, all.")] = None,
    on: Annotated[bool | None, typer.Option("--on/--off", help="Whether a push starts runs from now on.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Print what its jobs write until its end.")] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Have it end.")] = False,
    rerun: Annotated[bool, typer.Option("--rerun", help="Run again what did not succeed.")] = False,
    approve: Annotated[bool, typer.Option("--approve", help="Let it into the environment it waits for.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print data for programs.")] = False,
) -> None:
    """Show the runs of workflows, one of them with its jobs, or have pushes start them (--on)."""
    output = Output()
    known = Runs(LocalGitHub(output.say))
    if on is not None:
        known.switch(on=on)
        output.say(f"a push {'starts' if on else 'starts no'} runs of {DECLARED}/workflows")
        return
    if number is None:
        number = known.all()[0]["id"] if follow or cancel or rerun or approve else None
    if number is None:
        _list(known, output, as_json=as_json)
        return
    if cancel:
        known.cancel(number)
    if rerun:
        known.rerun(number)
    if approve:
        output.say(f"approved: {', '.join(known.approve(number)) or 'nothing waits'}")
    if follow:
        for line in known.follow(number):
            output.line(f"{line.job}  {line.text}", flush=True)
    _one(known, output, number, as_json=as_json)
    if follow and known.run(number)["conclusion"] != "success":
        raise typer.Exit(FAILED)


def _list(known: Runs, output: Output, *, as_json: bool) -> None:
    found = known.all()
    if as_json:
        output.json(found)
        return
    if found:
        rows = [
            (run["id"], run["name"], run["event"], run["head_branch"], _state(run), run["created_at"])
            for run in found
        ]
        output.table(("id", "workflow", "event", "branch", "state", "started (UTC)"), rows)
    else:
        output.line("there was no run yet")
    if not known.on:
        output.say("a push starts no run; to have it: ./slipway local runs --on")


def _one(known: Runs, output: Output, number: int, *, as_json: bool) -> None:
    run, jobs = known.run(number), known.jobs(number)
    if as_json:
        output.json({**run, "jobs": jobs})
        return
    output.values({"run": run["id"], "workflow": run["name"], "commit": run["head_sha"], "state": _state(run)})
    if jobs:
        output.line()
        output.table(("job", "state", "why"), [(job["name"], _state(job), _why(job)) for job in jobs])


def _state(one: dict[str, Any]) -> str:
    return str(one["conclusion"] or one["status"])


def _why(job: dict[str, Any]) -> str:
    waits = job["_local"]["waits_for"]
    return str(job["_local"]["why"] or (f"waits for {waits}" if waits else ""))
