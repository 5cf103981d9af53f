"""`migrations rehearse`: what is pending, applied to a copy of an environment's data, and what became of it."""

from __future__ import annotations

from typing import Annotated

import typer

from console.errors import FAILED
from console.output import Output, sized
from ops.arguments import AsJson, AsMarkdown, ScratchUrl, Which
from ops.context import Context
from ops.migrations.applying import Step
from ops.migrations.locks import strongest
from ops.migrations.rehearsal import Problem, Rehearsal, rehearse

FEW = 1000  # rows: a lock's time at so few says little
TITLES = ("migration", "ms", "strongest lock", "table", "held ms", "rows there", "rewritten")


def rehearsal(
    shell: typer.Context,
    environment: Which,
    before: Annotated[
        str, typer.Option(metavar="REF", help="The commit that runs there; by default, its record's.")
    ] = "",
    source_url: Annotated[
        str,
        typer.Option(metavar="URL", envvar="SLIPWAY_SOURCE_URL", help="Copy this database, not the environment's."),
    ] = "",
    seeded: Annotated[
        int,
        typer.Option(metavar="ROWS", min=0, help="Make up that many rows a table instead; no cloud is asked."),
    ] = 0,
    as_json: AsJson = False,
    as_markdown: AsMarkdown = False,
    scratch_url: ScratchUrl = "",
) -> None:
    """Apply what is pending to a copy of the data, and have the release before work there; exit code 1 if not."""
    context = Context.of(shell)
    done = rehearse(context, environment, ref=before, source_url=source_url, scratch_url=scratch_url, seeded=seeded)
    if as_json:
        context.output.json(shown(done))
    elif as_markdown:
        for line in markdown(done):
            context.output.line(line)
    else:
        tell(context.output, done)
    if done.blocking:
        raise typer.Exit(FAILED)


def shown(done: Rehearsal) -> dict[str, object]:
    """For programs."""
    return {
        "environment": done.environment,
        "before": done.before,
        "same_packages": done.same_packages,
        "copy": {
            "bytes": done.copy.size,
            "seconds": done.copy.seconds,
            "rows": dict(done.copy.rows),
            "made_up": done.copy.made_up,
        },
        "migrations": [_shown(step) for step in done.steps],
        "problems": [
            {"rule": one.rule, "migration": one.migration, "what": one.what, "accepted": one.accepted}
            for one in done.problems
        ],
        "reversed": done.reversed,
        "irreversible": list(done.one_way),
        "unasked": list(done.unasked),
    }


def _shown(step: Step) -> dict[str, object]:
    return {
        "name": step.migration,
        "milliseconds": step.milliseconds,
        "locks": [
            {
                "table": lock.table,
                "mode": lock.name,
                "milliseconds": round(lock.milliseconds, 1),
                "statement": lock.statement,
                "sampled": lock.sampled,
                "blocks": lock.blocks,
            }
            for lock in step.locks
        ],
        "rewritten": dict(step.rewritten),
        "error": step.error,
        "left": list(step.left),
    }


def rows(done: Rehearsal) -> list[tuple[object, ...]]:
    """A line for each table that a migration locks."""
    found: list[tuple[object, ...]] = []
    for step in done.steps:
        name, took = step.migration, f"{step.milliseconds:.0f}"
        for lock in strongest(step.locks):
            held = f"{lock.milliseconds:.0f}" if lock.milliseconds >= 1 else "< 1"
            there = done.copy.rows.get(f"public.{lock.table}", "")
            found.append((name, took, lock.name, lock.table, held, there, step.rewritten.get(lock.table, "")))
            name = took = ""
        if name:
            found.append((name, took, "none", "", "", "", ""))
    return found


def tell(output: Output, done: Rehearsal) -> None:
    """For people."""
    if done.steps:
        output.table(TITLES, rows(done))
        output.line()
    for one in done.problems:
        output.line(_sentence(one))
    for line in notes(done):
        output.line(line)
    output.say(_sum(done))


def markdown(done: Rehearsal) -> list[str]:
    """For a pull request."""
    lines = [f"**Rehearsal**: {_sum(done)}", ""]
    lines += [f"- **{_sentence(one)}**" if not one.accepted else f"- {_sentence(one)}" for one in done.problems]
    if done.steps:
        lines += ["", f"| {' | '.join(TITLES)} |", "|---|--:|---|---|--:|--:|--:|"]
        lines += [f"| {' | '.join(str(cell).replace('|', '&#124;') for cell in row)} |" for row in rows(done)]
    return [*lines, "", *(f"{line}  " for line in notes(done))]


def notes(done: Rehearsal) -> list[str]:
    """What the figures are worth."""
    most = sorted(done.copy.rows.items(), key=lambda item: (-item[1], item[0]))[:3]
    largest = ", ".join(f"{table.removeprefix('public.')} {count:,}" for table, count in most)
    made = f"made by {done.before} of rows that are made up" if done.copy.made_up else f"copy of {done.environment}"
    took = f"{'made' if done.copy.made_up else 'copied'} in {done.copy.seconds:g} s"
    told = (
        []
        if done.copy.made_up and not done.steps
        else [f"{made}: {sized(done.copy.size)}, {took}; most rows: {largest}"]
    )
    locked = {lock.table for step in done.steps for lock in strongest(step.locks)}
    small = sorted(table for table in locked if done.copy.rows.get(f"public.{table}", FEW) < FEW)
    if small:
        told.append(f"few rows in {', '.join(small)}: how long a lock is held says little there")
    if done.steps and not done.same_packages:
        told.append(f"{done.before} has other packages, and was run with this checkout's")
    told += [f"{done.before} does not answer this on its own schema either: {one}" for one in done.unasked]
    if done.one_way:
        told.append(f"no way back: {', '.join(done.one_way)}")
    elif done.reversed:
        told.append("the way back was gone, and nothing that was there is lost")
    return told


def _sentence(one: Problem) -> str:
    where = f"{one.migration}  " if one.migration else ""
    end = f" (accepted: {one.accepted})" if one.accepted else ""
    return " ".join(f"{where}{one.rule}  {one.what}{end}".splitlines())


def _sum(done: Rehearsal) -> str:
    if not done.steps:
        return (
            f"nothing is new since {done.before}"
            if done.copy.made_up
            else f"nothing is pending in {done.environment}"
        )
    found = len(done.blocking)
    outcome = f"{found} in the way of a release" if found else f"{done.before} works with the new schema"
    where = "a database that is made up" if done.copy.made_up else f"a copy of {done.environment}"
    return f"{len(done.steps)} applied to {where}: {outcome}"
