"""`migrations lint`: what new migrations would do to the release before."""

from __future__ import annotations

from typing import Annotated

import typer

from console.errors import FAILED
from console.output import Output
from ops.arguments import AsJson, AsMarkdown, ScratchUrl
from ops.context import Context
from ops.environments.stacks import Environment
from ops.migrations.findings import Finding
from ops.migrations.lint import Accepted
from ops.migrations.look import Looked, look

WIDTH = 110  # of a statement, for people


def lint(
    shell: typer.Context,
    since: Annotated[
        str,
        typer.Option(help="What is new since this commit; by default, since the branch of the environment after."),
    ] = "",
    released: Annotated[Environment | None, typer.Option(help="What is new to the release of this one.")] = None,
    as_json: AsJson = False,
    as_markdown: AsMarkdown = False,
    scratch_url: ScratchUrl = "",
) -> None:
    """Find what would break the release before, or make it wait; exit code 1 where something is found."""
    context = Context.of(shell)
    looked = look(context, since=since, released=released or "", scratch_url=scratch_url)
    if as_json:
        context.output.json(shown(looked))
    elif as_markdown:
        for line in markdown(looked):
            context.output.line(line)
    else:
        tell(context.output, looked)
    if looked.report.findings:
        raise typer.Exit(FAILED)


def shown(looked: Looked) -> dict[str, object]:
    """For programs."""
    return {
        "since": looked.new.than,
        "migrations": [
            {
                "name": one.key,
                "reversible": one.reversible,
                "loses_when_reversed": list(one.loses),
                "compatible": one.compatible,
                "after": list(one.after),
            }
            for one in looked.report.migrations
        ],
        "findings": [of_finding(finding) for finding in looked.report.findings],
        "accepted": [of_finding(one.finding) | {"reason": one.reason} for one in looked.report.accepted],
    }


def of_finding(finding: Finding) -> dict[str, object]:
    """One, with all that is known of it."""
    return {
        "migration": finding.migration,
        "operation": finding.operation,
        "rule": finding.rule,
        "breaks_release_before": finding.breaks,
        "by": list(finding.by),
        "statement": finding.statement,
        "why": finding.why,
        "way": finding.way,
    }


def tell(output: Output, looked: Looked) -> None:
    """For people: each finding with its way out, then what was accepted."""
    for finding in looked.report.findings:
        effect = "breaks the release before" if finding.breaks else "holds it up, or the way back"
        output.line(f"{finding.migration or 'models'}  {finding.rule}  {effect} ({', '.join(finding.by)})")
        output.line(f"  {finding.operation}")
        if finding.statement:
            output.line(f"  {' '.join(finding.statement.split())[:WIDTH]}")
        output.line(f"  why: {finding.why}", hang=7)
        output.line(f"  way: {finding.way}", hang=7)
        output.line()
    for one in looked.report.accepted:
        output.line(f"{one.finding.migration}  {one.finding.rule}  accepted: {one.reason}")
    output.say(_sum(looked))


def markdown(looked: Looked) -> list[str]:
    """For a pull request."""
    findings, accepted = looked.report.findings, looked.report.accepted
    lines = [f"**Migrations**: {_sum(looked)}", ""]
    if findings or accepted:
        lines += ["| migration | operation | rule | release before | what to do |", "|---|---|---|---|---|"]
        lines += [_row(finding) for finding in findings]
        lines += [_accepted(one) for one in accepted]
    return lines


def _row(finding: Finding) -> str:
    effect = "**breaks**" if finding.breaks else "waits, or no way back"
    cells = (finding.migration or "models", finding.operation, f"`{finding.rule}`", effect, finding.way)
    return f"| {' | '.join(map(cell, cells))} |"


def _accepted(one: Accepted) -> str:
    finding = one.finding
    cells = (finding.migration, finding.operation, f"`{finding.rule}`", "accepted", one.reason)
    return f"| {' | '.join(map(cell, cells))} |"


def cell(text: str) -> str:
    """On one line, and without an end of its own."""
    return " ".join(text.split()).replace("|", "\\|")


def _sum(looked: Looked) -> str:
    new, found = len(looked.new.keys), len(looked.report.findings)
    accepted = len(looked.report.accepted)
    told = f"{new} new since {looked.new.than}, {found} finding{'' if found == 1 else 's'}"
    return told + (f", {accepted} accepted" if accepted else "")
