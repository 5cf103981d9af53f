"""A drill's report as Markdown, for a run's summary, an issue, or a mail."""

from __future__ import annotations

from console.output import sized
from ops.drills.report import Report, duration, when

LONGEST = 300  # characters of a finding in a table


def lines(report: Report) -> list[str]:
    """All of it."""
    verdict = "passed" if report.passed else "FAILED"
    return [
        f"## Restore drill of {report.environment}: {verdict}",
        "",
        *(f"- **{name}**: {value}" for name, value in facts(report)),
        "",
        *findings(report),
        "| step | outcome | took | notes |",
        "| --- | --- | ---: | --- |",
        *(
            f"| {step.title} | {step.outcome} | {duration(step.seconds)} | {_cell('; '.join(step.notes))} |"
            for step in report.steps
        ),
    ]


def facts(report: Report) -> list[tuple[str, str]]:
    """What was restored, by whose key, how fast; for people."""
    told = [("Drill", f"{report.id}, {when(report.started)}, took {duration(report.seconds)}")]
    if one := report.backup:
        told.append(("Backup", f"{one.id}: {one.tables} tables, {one.rows} rows, {sized(one.size)}"))
    told.append(
        ("RTO", f"{duration(report.rto_seconds)}, from the start of the restore until the application serves")
    )
    told.append(("RPO", f"{duration(report.rpo_seconds)}, the age of the data when the drill began"))
    if opened := report.opened:
        told.append(("Opened by", f"the {opened.by} key {opened.recipient}"))
    if ran := report.release:
        told.append(("Release", f"{ran.ran}{ran.aside}"))
    return told


def findings(report: Report) -> list[str]:
    """Each with its step, before everything else where there is one."""
    if not report.findings:
        return []
    return [*(f"{number}. {_cell(what)}" for number, what in enumerate(report.findings, 1)), ""]


def _cell(text: str) -> str:
    one = " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
    return one if len(one) <= LONGEST else f"{one[:LONGEST]}…"
