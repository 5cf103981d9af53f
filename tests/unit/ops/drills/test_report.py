"""A report for people: Markdown, and one page that needs nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from ops.drills import markdown
from ops.drills.chart import Point, chart
from ops.drills.page import page
from ops.drills.report import Ran, duration
from tests.support.drill_fakes import NOW, failed, report

VOID = {"meta", "rect", "line"}


class Balance(HTMLParser):
    """Which elements are open, and what is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.loads += [str(value) for name, value in attrs if name in ("src", "href", "srcset")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "not reached"), (4.24, "4.2 s"), (200, "3 min 20 s"), (7_200, "2 h"), (273_600, "3 d 4 h")],
)
def test_times_are_told_in_two_units_at_most(seconds: float | None, text: str) -> None:
    """As people say them."""
    assert duration(seconds) == text


def test_markdown_has_the_verdict_first_and_each_finding() -> None:
    """Neither a pipe nor a tag in one breaks the table."""
    lines = markdown.lines(report(steps=failed("a|b <script> is gone")))

    assert lines[0] == "## Restore drill of staging: FAILED"
    assert "1. contents: a\\|b &lt;script> is gone" in lines
    assert "| start the release | skipped | 0.0 s |  |" in lines


def test_markdown_of_a_good_drill_tells_rto_and_rpo() -> None:
    """In words that need no glossary."""
    text = "\n".join(markdown.lines(report()))

    assert "**RTO**: 9.2 s, from the start of the restore until the application serves" in text
    assert "**RPO**: 2 h, the age of the data when the drill began" in text
    assert markdown.findings(report()) == []


def test_markdown_tells_when_another_release_ran() -> None:
    """Instead of which, where one was named, and why."""
    told, of_none = (
        dict(markdown.facts(report(release=Ran(wanted=wanted, ran="b", same=False, why="it is gone"))))
        for wanted in ("a", None)
    )

    assert told["Release"] == "b instead of a: it is gone"
    assert of_none["Release"] == "b: it is gone"


def test_the_page_is_whole_and_loads_nothing() -> None:
    """No script, no address, every element closed."""
    balance = Balance()

    balance.feed(page(report(), []))

    assert balance.open == []
    assert balance.loads == []
    assert "script" not in balance.seen
    assert "url(" not in page(report(), [])


def test_the_page_shows_what_is_there_and_nothing_of_it_is_markup() -> None:
    """Names of tables are whatever somebody called them."""
    shown = page(report(steps=failed("<script>alert(1)</script> is gone")), [])

    assert "&lt;script&gt;alert(1)&lt;/script&gt; is gone" in shown
    assert "<script" not in shown


def test_the_page_shows_the_last_drills_and_none_that_came_later() -> None:
    """The newest on the right, at most thirty."""
    many = [report(id=f"2026{number:04}", started=NOW - timedelta(days=40 - number)) for number in range(40)]
    later = report(id="2027", started=NOW + timedelta(days=1))

    shown = page(report(id="20269999"), [*many, later])

    figures = re.findall(r"<figure>.*?</figure>", shown, re.DOTALL)
    assert len(figures) == 2
    assert figures[0].count("<rect") == 30
    assert "2026-11-28" not in shown


def test_a_chart_says_in_words_what_it_shows() -> None:
    """For those who do not see it; one that was not reached has a mark instead of a bar."""
    drawn = chart("RTO", [Point("a", 3, good=True), Point("b", 90, good=False), Point("c", None, good=False)])

    assert 'aria-label="RTO: 3 drills, from 3.0 s to 1 min 30 s"' in drawn
    assert drawn.count("<rect") == 2
    assert "✗" in drawn
    assert "reached in no drill" in chart("RTO", [Point("c", None, good=False)])


@pytest.mark.parametrize("count", [1, 2, 12, 30])
def test_days_below_a_chart_do_not_run_into_each_other(count: int) -> None:
    """Nor over its edge; the newest is always told."""
    drawn = chart("RTO", [Point(f"2026-11-{number + 1:02}", 3, good=True) for number in range(count)])

    found = re.findall(r'<text(?: class="(more)")? x="([0-9.]+)" y="\d+" text-anchor="(\w+)">(2026-[0-9-]+)<', drawn)
    ends = {False: [0.0], True: [0.0]}
    for is_narrow, label in ((False, 70), (True, 115)):  # units of a day at 12 and at 20 pixels
        for more, x, anchor, _ in found:
            if not (is_narrow and more):
                begin = float(x) - (label if anchor == "end" else label / 2)
                assert begin >= ends[is_narrow][-1]
                ends[is_narrow].append(begin + label)
        assert ends[is_narrow][-1] <= 720
    assert (found[-1][0], found[-1][3]) == ("", f"2026-11-{count:02}")


def test_a_chart_ends_a_little_above_its_highest_bar() -> None:
    """At a number that is easy to read, in four steps."""
    drawn = chart("RTO", [Point("a", 310, good=True)])

    assert re.findall(r'text-anchor="end">([^<]+)<', drawn) == ["0 s", "1.5 min", "3 min", "4.5 min", "6 min"]
