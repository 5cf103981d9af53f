"""Operates an environment under a steady rate of requests: `python -m bench.deploy [REQUESTS]`, by default 50,000."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from bench.deploy.answers import Answers
from bench.deploy.app import App
from bench.deploy.floor import floor
from bench.deploy.load import Load
from bench.deploy.operations import Operations
from bench.deploy.report import Report
from tests.support.checkout import Checkout
from tests.support.world import World

REQUESTS = 50_000
MOST_SECONDS = 8
PUSH = "push -> live, dev"
BUILD = "push, build, up -> live, staging"
PAUSE = 3.0  # after each, so that it is seen on its own


def main(words: list[str]) -> int:
    """1 when a request was lost, or a limit not held."""
    wanted = int(words[0]) if words else REQUESTS
    with tempfile.TemporaryDirectory(prefix="slipway-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "load").mkdir()
        (folder / "checkout").mkdir()
        world = World(Checkout(folder / "checkout"))
        try:
            return _measure(world, folder / "load", wanted)
        finally:
            world.local("reset", check=True)


def _measure(world: World, folder: Path, wanted: int) -> int:
    operations = Operations(world, App(world.checkout))
    load = Load(operations.staging, folder)
    most = load.most(MOST_SECONDS)
    rate = max(1, int(most / 2))
    seconds = wanted / rate
    print(f"served at most {most:.0f} a second; sent are {rate} a second, for {seconds:.0f} s at least")
    _print_machine()
    report, answers = Report(limited=PUSH), Answers()
    try:
        with load.steady(rate, answers):
            _operate(world, operations, report, time.monotonic() + seconds)
    finally:  # also of a run that has failed on the way
        report.print(answers)
    _print_machine()
    return 0 if report.held(answers) and answers.total >= wanted else 1


def _print_machine() -> None:
    """What else it does is in all of this."""
    shown = "load of this machine over 1, 5 and 15 minutes: {:.1f} {:.1f} {:.1f}"
    print(shown.format(*os.getloadavg()), flush=True)


def _operate(world: World, operations: Operations, report: Report, until: float) -> None:
    """Everything in turn, at least once, and for as long as there is time for all of it."""
    longest = 0.0
    while not longest or time.monotonic() + longest / 2 < until:
        began = time.monotonic()
        _round(world, operations, report)
        longest = max(longest, time.monotonic() - began)
    time.sleep(max(0.0, until - time.monotonic()))


def _round(world: World, operations: Operations, report: Report) -> None:
    for what, act in (
        (PUSH, operations.push),
        (BUILD, operations.deploy),
        ("bad release -> restored", operations.refuse),
        ("scaling up, 1 to 3", partial(operations.scale, 3)),
        ("scaling down, 3 to 1", partial(operations.scale, 1)),
        ("restart of the cache", operations.restart_cache),
        ("rollback", operations.roll_back),
    ):
        report.carry_out(what, act, PAUSE)
    for what, environment in ((PUSH, "dev"), (BUILD, "staging")):
        seconds = floor(world, environment)
        report.floors.setdefault(what, []).append(seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
