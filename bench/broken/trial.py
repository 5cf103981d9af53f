"""One broken release, deployed on an environment that serves, and what became of it."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass

from bench.broken.kinds import ENVIRONMENT, Kind
from bench.broken.traffic import Traffic
from bench.shown import Row, get, version
from infra.application import APPLICATION
from tests.support.waiting import eventually
from tests.support.world import World

IN_A_ROW = 10
BACK = 60  # seconds that an environment gets to be as it was
LONGEST = 900  # seconds that the command may take


@dataclass(frozen=True)
class Outcome:
    """What the release got, and what it cost."""

    kind: Kind
    code: int
    seconds: float
    """Until the command ended."""
    troubled: float
    """From the first answer that was not a good one of the release before, to the last."""
    lost: int
    requests: int
    back: str
    """What is not as it was; nothing where all is."""
    said: str

    @property
    def held(self) -> bool:
        """Whether it was refused, and what was there before serves."""
        return self.code != 0 and not self.back

    @property
    def verdict(self) -> str:
        """In a word."""
        if self.back:
            return "STAYED"
        if self.code == 0:
            return "NOT TOLD"
        return "rolled back" if self.troubled else "stopped"


def carry_out(world: World, kind: Kind, url: str) -> Outcome:
    """Spoil the application, deploy that, and mend it again."""
    before = version(url)
    kind.spoil(world)
    try:
        with Traffic(url, before) as traffic:
            began = time.monotonic()
            code, output = _up(world)
            seconds = time.monotonic() - began
            back = _back(url, before)
        return Outcome(
            kind,
            code,
            seconds,
            traffic.troubled,
            traffic.lost,
            len(traffic.asked),
            back,
            output + traffic.told(),
        )
    finally:
        kind.mend(world)


def _up(world: World) -> tuple[int, str]:
    run = world.begin("./slipway", "up", ENVIRONMENT)
    try:
        return run.popen.wait(LONGEST), run.text()
    except subprocess.TimeoutExpired:
        run.interrupt()
        return 0, f"not ended after {LONGEST} s\n{run.text()}"


def _back(url: str, before: str) -> str:
    """What does not become as it was: the web service, or a worker that works."""

    def works() -> bool:
        return get(f"{url}{APPLICATION.workers}?version={before}") is not None

    row = Row(url, lambda one: one == before)
    for what, condition in (("the web service", lambda: row.complete(IN_A_ROW)), ("the worker", works)):
        try:
            eventually(condition, seconds=BACK)
        except AssertionError:
            return what
    return ""
