"""Exceptions beside a migration: named, with a reason, and of use."""

from __future__ import annotations

import pytest

from ops.migrations.findings import Finding
from ops.migrations.lint import Accepted, sort_out

DROPPED = Finding("shop.0002", "Remove field", "drop-column", ("squawk",))
UNKNOWN = Finding("shop.0002", "Do it", "squawk:new", ("squawk",))
REASON = "no release reads it any more"


def test_a_reason_accepts_the_rule_that_it_names() -> None:
    """Any number of times, and no other rule; also one that only the tool knows."""
    twice = [DROPPED, DROPPED, UNKNOWN]

    assert sort_out("shop.0002", twice, {"drop-column": f" {REASON} "}) == (
        [UNKNOWN],
        [Accepted(DROPPED, REASON), Accepted(DROPPED, REASON)],
    )
    assert sort_out("shop.0002", [UNKNOWN], {"squawk:new": REASON}) == ([], [Accepted(UNKNOWN, REASON)])


@pytest.mark.parametrize(
    ("overrides", "left"),
    [
        ({"drop-table": REASON}, ["drop-column", "override-unused"]),
        ({"no-such-rule": REASON}, ["drop-column", "override-unknown"]),
        ({"drop-column": "  ok "}, ["drop-column", "override-without-reason"]),
        ({"drop-column": ""}, ["drop-column", "override-without-reason"]),
        ({"lock": REASON, "drop-column": REASON}, []),
    ],
)
def test_an_exception_that_is_none_is_a_finding(overrides: dict[str, str], left: list[str]) -> None:
    """What only a rehearsal finds cannot be judged here."""
    findings, _ = sort_out("shop.0002", [DROPPED], overrides)

    assert [finding.rule for finding in findings] == left
    assert all(finding.operation.startswith('ACCEPTED["') for finding in findings[1:])
