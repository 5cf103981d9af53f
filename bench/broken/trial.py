"""One broken release, deployed on an environment that serves, and what became of it."""

from __future__ import annotations

import time
from dataclasses import dataclass

import requests

from bench.broken.kinds import Kind
from bench.broken.traffic import Traffic
from tests.support.waiting import eventually
from tests.support.world import World

IN_A_ROW = 10
BACK = 60  # seconds that an environment gets to be as it was


@dataclass(frozen=True)
class Outcome:
    """What the release got, and what it cost."""

    kind: Kind
    code: int
    seconds: float
    troubled: float
    lost: int
    requests: int
    back: bool
    said: str

    @property
    def held(self) -> bool:
        """Whether it was refused, and what was there before serves."""
        return self.code != 0 and self.back

    @property
    def verdict(self) -> str:
        """In a word."""
        if not self.held:
            return "STAYED" if not self.back else "NOT TOLD"
        return "stopped" if self.troubled == 0 else "rolled back"


def carry_out(world: World, kind: Kind, url: str) -> Outcome:
    """Spoil the application, deploy that, and mend it again."""
    before = _version(url)
    kind.spoil(world)
    try:
        with Traffic(url) as traffic:
            began = time.monotonic()
            done = world.slipway_up("staging", check=False)
            seconds = time.monotonic() - began
            back = _is_back(url, before)
        said = next((line for line in done.output.splitlines()[::-1] if ": " in line and "hint" not in line), "")
        return Outcome(
            kind, done.returncode, seconds, traffic.troubled(before), traffic.lost, len(traffic.asked), back, said
        )
    finally:
        kind.mend(world)


def _is_back(url: str, before: str) -> bool:
    seen: list[str] = []

    def again() -> bool:
        seen.append(_version(url))
        return len(seen) >= IN_A_ROW and set(seen[-IN_A_ROW:]) == {before}

    try:
        eventually(again, "the version before", seconds=BACK)
    except AssertionError:
        return False
    return True


def _version(url: str) -> str:
    try:
        return str(requests.get(f"{url}/api/health/", timeout=5).json().get("version", ""))
    except (requests.RequestException, ValueError):
        return ""
