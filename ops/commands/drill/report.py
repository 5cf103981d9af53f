"""`drill report`: what a drill found, and whether its signature holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.errors import FAILED
from ops.arguments import AsJson, AsMarkdown, Which
from ops.backups import keys, place
from ops.context import Context
from ops.drills import markdown
from ops.drills.report import duration
from ops.drills.store import Reports
from ops.drills.verifying import verify


def report(
    shell: typer.Context,
    environment: Which,
    drill: Annotated[str, typer.Argument(help="Its id, or the beginning of it; by default the newest.")] = "",
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Verify it with this recovery key, not with the vault's.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write its page there; it needs nothing else.")
    ] = None,
    as_json: AsJson = False,
    as_markdown: AsMarkdown = False,
) -> None:
    """Show the report of a drill and verify its signature; exit code 1 where either is not good."""
    context = Context.of(shell)
    there = place.of(context, environment)
    reports = Reports(there.objects, environment)
    signed = reports.get(drill)
    verdict = verify(signed, lambda: keys.key(there.stack, there.clients, key))
    if page:
        page.write_bytes(reports.page(signed.report.id))
        context.output.say(f"wrote {page}")
    found = signed.report
    if as_json:
        context.output.json(signed.model_dump(mode="json") | {"verified": verdict.holds, "why": verdict.why})
    elif as_markdown:
        for line in [*markdown.lines(found), "", f"Signature: {verdict.why}"]:
            context.output.line(line)
    else:
        told = [(step.title, step.outcome, duration(step.seconds)) for step in found.steps]
        context.output.table(("step", "outcome", "took"), told)
        for number, what in enumerate(found.findings, 1):
            context.output.line(f"{number}. {what}", hang=3)
        for name, value in [*markdown.facts(found), ("Signature", verdict.why)]:
            context.output.line(f"{name}: {value}", hang=2)
    if not (verdict.holds and found.passed):
        raise typer.Exit(FAILED)
