"""`drill`: the newest backup restored, compared, and served from, with all that is wrong told in one report."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from console.errors import FAILED, WRONG_USE, ExplainedError
from console.output import Output
from ops.arguments import AnyOrEvery, AsJson, AsMarkdown, Everywhere, KeyFile, ScratchUrl, TellIssue
from ops.backups import place
from ops.context import Context
from ops.drills import issue, job, markdown, running
from ops.drills.real import Real
from ops.drills.report import duration
from ops.drills.signature import Signed
from ops.environments.stacks import load, load_all
from ops.pipeline import drifting
from ops.pipeline.comments import of_run


def run(
    shell: typer.Context,
    environment: AnyOrEvery = None,
    backup: Annotated[str, typer.Argument(help="Its id, or the beginning of it; by default the newest.")] = "",
    key: KeyFile = None,
    at_render: Annotated[
        bool, typer.Option("--job", help="Have the environment's own job at Render do it, and show its report.")
    ] = False,
    tell_issue: TellIssue = False,
    everywhere: Everywhere = False,
    as_json: AsJson = False,
    as_markdown: AsMarkdown = False,
    scratch_url: ScratchUrl = "",
) -> None:
    """Restore a backup into a scratch database, compare everything, and start the release on it; 1 where it fails."""
    context = Context.of(shell)
    if (environment is None) != everywhere or (at_render and (backup or key or scratch_url)):
        raise ExplainedError("wrong words", "name one environment", hint="./slipway drill staging", code=WRONG_USE)
    if environment is None:
        for branch in drifting.start_everywhere(context.doors.github(), load_all(), issue.WORKFLOW):
            context.output.say(f"started on {branch}")
        return
    signed, where = None, ""
    why = "it was broken off"
    try:
        if at_render:
            signed = _at_render(context, environment)
        else:
            signed, where = _here(context, environment, backup, key, scratch_url)
    except ExplainedError as error:
        why = str(error).partition("\n\n")[0]
        raise
    finally:
        if tell_issue:
            address = issue.tell(context.doors.github(), environment, signed, why=why, run=of_run(os.environ))
            context.output.say(address or "no issue is open")
    tell(context.output, signed, where, as_json=as_json, as_markdown=as_markdown)
    if not signed.report.passed:
        raise typer.Exit(FAILED)


def _here(context: Context, environment: str, backup: str, key: Path | None, scratch_url: str) -> tuple[Signed, str]:
    there = place.of(context, environment)
    done = running.run(there, Real(there, key_file=key, scratch_url=scratch_url), backup)
    if there.is_job:
        for line in job.lines(done.signed):
            context.output.line(line, flush=True)
    return done.signed, done.page


def _at_render(context: Context, environment: str) -> Signed:
    cloud, stack = context.doors.choose(), load(environment)
    owner = cloud.variables.get("RENDER_OWNER_ID", "")
    render = context.doors.render(cloud, on_wait=context.output.say)
    return job.follow(render, stack, owner, say=context.output.say, wait=time.sleep, clock=context.clock)


def tell(output: Output, signed: Signed, where: str, *, as_json: bool, as_markdown: bool) -> None:
    """What was found; for people in a few lines."""
    report = signed.report
    if as_json:
        output.json(signed.model_dump(mode="json"))
    elif as_markdown:
        for line in markdown.lines(report):
            output.line(line)
    else:
        told = [(step.title, step.outcome, duration(step.seconds)) for step in report.steps]
        output.table(("step", "outcome", "took"), told)
        for number, what in enumerate(report.findings, 1):
            output.line(f"{number}. {what}", hang=3)
        for name, value in [*markdown.facts(report), *([("Page", where)] if where else [])]:
            output.line(f"{name}: {value}", hang=2)
        output.line(f"the drill {'passed' if report.passed else 'FAILED'}")
