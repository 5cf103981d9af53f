"""An `up` ends, and so does whatever it has started."""

from __future__ import annotations

from pathlib import Path

import psutil

from tests.support.waiting import eventually
from tests.support.world import World

UPS = 5


def test_ups_that_change_nothing_end_and_leave_nothing(staging: World) -> None:
    """The short form of `python -m bench.noop_ups`; each may take as long as any command of these tests."""
    said = [staging.pulumi("up", "--stack", "staging", "--yes", "--expect-no-changes") for _ in range(UPS)]

    assert [one.returncode for one in said] == [0] * UPS, said[-1].output
    eventually(lambda: _of_the_engine(staging.checkout.folder) == [], "everything has ended")


def _of_the_engine(folder: Path) -> list[list[str]]:
    found = []
    for process in psutil.process_iter(["cwd", "cmdline"]):
        words = process.info["cmdline"] or []
        if process.info["cwd"] == str(folder) and any("pulumi" in word for word in words):
            found.append(words)
    return found
