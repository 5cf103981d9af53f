"""`local runs`: the workflows that run on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from console.errors import FAILED
from console.output import Output
from localcloud.control.github import LocalGitHub
from localcloud.control.runs import Line, Runs
from localcloud.github.runs.source import DECLARED

SHORT = 12  # characters of a commit
CLOCK = slice(11, 19)  # of a moment as GitHub writes it
BEGINS, ENDS = "##[group]", "##[endgroup]"


def runs(
    number: Annotated[int | None, typer.Argument(metavar="[ID]", help="One run; without it, all.")] = None,
    on: Annotated[bool | None, typer.Option("--on/--off", help="Whether a push starts runs from now on.")] = None,
    begin: Annotated[
        str, typer.Option("--start", metavar="FILE", help="Start a workflow by hand, such as drift.yml.")
    ] = "",
    branch: Annotated[str, typer.Option(help="With --start: on which branch.")] = "main",
    inputs: Annotated[
        list[str] | None, typer.Option("--input", metavar="NAME=VALUE", help="With --start: what it is given.")
    ] = None,
    follow: Annotated[
        bool,
        typer.Option("--follow", "-f", help="Print what jobs write until the end; without ID, of the last push."),
    ] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Have it end.")] = False,
    rerun: Annotated[bool, typer.Option("--rerun", help="Run again what did not succeed.")] = False,
    approve: Annotated[bool, typer.Option("--approve", help="Let it into the environment it waits for.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="Never let it in: it ends.")] = False,
    comment: Annotated[str, typer.Option("--comment", "-m", help="Why, with either of the two.")] = "",
    login: Annotated[str, typer.Option("--as", help="In whose name; without it, of this machine's person.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print data for programs.")] = False,
) -> None:
    """Show the runs of workflows, one of them with its jobs, or have pushes start them (--on)."""
    output = Output()
    known = Runs(LocalGitHub(output.say, login))
    if on is not None:
        known.switch(on=on)
        output.say(f"a push {'starts' if on else 'starts no'} runs of {DECLARED}/workflows")
        return
    if begin:
        number = known.begin(begin, branch, inputs or [])
        output.say(f"started {begin} on {branch}: run {number}")
    if number is None and not (follow or cancel or rerun or approve or reject):
        _list(known, output, as_json=as_json)
        return
    chosen = known.chosen(number, of_its_commit=follow and not (cancel or rerun or approve or reject))
    if cancel:
        known.cancel(chosen[0])
    if rerun:
        known.rerun(chosen[0])
    if approve or reject:
        names = known.review(chosen[0], "rejected" if reject else "approved", comment)
        output.say(f"{'rejected' if reject else 'approved'}: {', '.join(names)}")
    if follow:
        _follow(known.follow(chosen), output)
    if as_json:
        shown = [{**known.run(each), "jobs": known.jobs(each)} for each in chosen]
        output.json(shown if number is None else shown[0])
    else:
        for each in chosen:
            _one(known, output, each)
    if follow and any(known.run(each)["conclusion"] != "success" for each in chosen):
        raise typer.Exit(FAILED)


def _follow(lines: Iterable[Line], output: Output) -> None:
    """Each job's lines below its name. What stands in a group is a step's own script, which the file has."""
    job, groups = "", set[str]()
    for line in lines:
        text = line.text
        if text == ENDS:
            groups.discard(line.job)
            continue
        if line.job in groups:
            continue
        if line.job != job:
            output.line(f"\n{line.job}" if job else line.job)
            job = line.job
        if text.startswith(BEGINS):
            groups.add(line.job)
            text = f"> {text.removeprefix(BEGINS)}"
        output.line(f"{line.at[CLOCK]:<8}  {text}", hang=10, flush=True)
    if job:
        output.line()


def _list(known: Runs, output: Output, *, as_json: bool) -> None:
    found = known.all()
    if as_json:
        output.json(found)
        return
    if found:
        rows = [
            (run["id"], run["name"], run["event"], run["head_branch"], _state(run), _minute(run["created_at"]))
            for run in found
        ]
        output.table(("id", "workflow", "event", "branch", "state", "started (UTC)"), rows)
    else:
        output.line("there was no run yet")
    if not known.on:
        output.say("a push starts no run; to have it: ./slipway local runs --on")


def _one(known: Runs, output: Output, number: int) -> None:
    run, jobs = known.run(number), known.jobs(number)
    commit = f"{run['head_sha'][:SHORT]} {run['display_title']}"
    why = run["_local"]["why"] or (f"by {run['_local']['cancelled_by']}" if run["_local"]["cancelled_by"] else "")
    state = f"{_state(run)}: {why}" if why else _state(run)
    output.line(f"run {number}  {run['name']}  {run['head_branch']}  {state}", hang=4)
    output.line(f"    {commit}", hang=4)
    if jobs:
        output.line()
        output.table(("job", "state", "why"), [(job["name"], _state(job), _why(job)) for job in jobs])
    if any(job["status"] == "waiting" for job in jobs):
        output.say(known.way_on(number))
    output.line()


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _state(one: dict[str, Any]) -> str:
    return str(one["conclusion"] or one["status"])


def _why(job: dict[str, Any]) -> str:
    waits = job["_local"]["waits_for"]
    return str(job["_local"]["why"] or (f"waits for {waits}" if waits else ""))
