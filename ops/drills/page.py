"""A drill's report as one page of HTML that needs nothing else: its steps, and charts of the last drills."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from ops.drills.chart import Point, chart
from ops.drills.markdown import facts
from ops.drills.report import Report, Step, duration, when

LAST = 30  # drills that the charts show
MARKS = {"passed": "✓", "failed": "✗", "skipped": "–"}  # never by colour alone


def page(report: Report, before: Sequence[Report]) -> str:
    """Of this one, beside those before it."""
    drills = [*sorted((one for one in before if one.id < report.id), key=lambda one: one.id), report][-LAST:]
    verdict = "passed" if report.passed else "failed"
    title = f"Restore drill of {report.environment}: {verdict}"
    style = files("ops.drills").joinpath("page.css").read_text()
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(title)}</title><style>{style}</style></head><body><main>",
        f'<header class="{verdict}"><h1>{MARKS[verdict]} {escape(title)}</h1>',
        f"<p>{escape(when(report.started))}, drill <code>{escape(report.id)}</code></p></header>",
        *_figures(report),
        *_findings(report),
        *_facts(report),
        *_steps(report.steps),
        "<section><h2>The last drills</h2>",
        chart("RTO: from the start of the restore until the application serves", _points(drills, "rto_seconds")),
        chart("RPO: the age of the data when the drill began", _points(drills, "rpo_seconds")),
        *_table(drills),
        "</section>",
        (
            "<footer><p>The signature is in the JSON report beside this page: "
            f"<code>./slipway drill report {escape(report.environment)} {escape(report.id)}</code> verifies it."
            "</p></footer></main></body></html>"
        ),
    ]
    return "\n".join(parts) + "\n"


def _figures(report: Report) -> Iterator[str]:
    yield '<dl class="figures">'
    rows = f"{report.backup.rows:,}".replace(",", " ") if report.backup else "none"
    for name, value in (
        ("RTO", duration(report.rto_seconds)),
        ("RPO", duration(report.rpo_seconds)),
        ("Rows", rows),
        ("Findings", str(len(report.findings))),
    ):
        yield f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>"
    yield "</dl>"


def _findings(report: Report) -> Iterator[str]:
    if report.findings:
        yield '<section class="findings"><h2>Found</h2><ol>'
        yield from (f"<li>{escape(one)}</li>" for one in report.findings)
        yield "</ol></section>"


def _facts(report: Report) -> Iterator[str]:
    yield "<section><h2>What was tried</h2><dl>"
    for name, value in facts(report):
        yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
    yield "</dl></section>"


def _steps(steps: Sequence[Step]) -> Iterator[str]:
    longest = max((step.seconds for step in steps), default=0) or 1
    yield '<section><h2>Steps</h2><div class="wide" role="region" aria-label="Steps" tabindex="0">'
    yield '<table class="steps"><thead><tr>'
    yield '<th scope="col">Outcome</th><th scope="col">Step</th><th scope="col">Took</th>'
    yield '<th scope="col" aria-hidden="true"></th><th scope="col">Notes</th></tr></thead><tbody>'
    for step in steps:
        width = max(1, round(100 * step.seconds / longest))
        told = "; ".join((*step.findings, *step.notes))
        yield (
            f'<tr class="{step.outcome}"><td>{MARKS[step.outcome]} {step.outcome}</td>'
            f'<th scope="row">{escape(step.title)}</th><td class="number">{duration(step.seconds)}</td>'
            f'<td aria-hidden="true"><svg width="100" height="10"><rect class="bar" width="{width}" height="10"/>'
            f'</svg></td><td class="notes">{escape(told)}</td></tr>'
        )
    yield "</tbody></table></div></section>"


def _points(drills: Sequence[Report], name: str) -> list[Point]:
    return [Point(f"{one.started:%Y-%m-%d}", getattr(one, name), one.passed) for one in drills]


def _table(drills: Sequence[Report]) -> Iterator[str]:
    yield '<div class="wide" role="region" aria-label="The last drills" tabindex="0">'
    yield '<table class="drills"><thead><tr>'
    yield "".join(f'<th scope="col">{name}</th>' for name in ("Outcome", "Drill", "Backup", "RTO", "RPO", "Findings"))
    yield "</tr></thead><tbody>"
    for one in reversed(drills):
        outcome = "passed" if one.passed else "failed"
        cells = (
            one.backup.id if one.backup else "none",
            duration(one.rto_seconds),
            duration(one.rpo_seconds),
            str(len(one.findings)),
        )
        yield (
            f'<tr class="{outcome}"><td>{MARKS[outcome]} {outcome}</td>'
            f'<th scope="row">{escape(when(one.started))}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            + "</tr>"
        )
    yield "</tbody></table></div>"
