"""Whether a worker of a release works: its application says so, once one has carried out a job."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from render_provider.provider.gate.failure import Failed, GateError
from render_provider.provider.task import Task
from render_provider.provider.verify import Probe

LIMIT = 120.0  # seconds in which one has to
SHORTEST, LONGEST = 0.5, 5.0  # seconds between two looks, whatever `Retry-After` says
BAD = 3


def wait_for_worker(task: Task, probe: Probe, url: str, version: str, meanwhile: Callable[[], None]) -> None:
    """Return when it answers 200 to that version; 503 is "not yet", for as long as `LIMIT`."""
    clock, asked = task.client.clock, f"{url}?version={quote(version, safe=':')}"
    end, bad = clock.now() + LIMIT, 0
    while True:
        meanwhile()
        answer = probe(asked)
        if answer and answer.status == 200 and version in answer.text:
            return
        bad = bad + 1 if answer and answer.status >= 500 and answer.status != 503 else 0
        if bad >= BAD or clock.now() > end:
            waited = clock.now() - end + LIMIT
            raise GateError(f"no worker of it has proved itself in {waited:.0f} s", [Failed(asked, answer)])
        task.say("waiting for a worker to prove itself")
        clock.sleep(min(max(answer.later if answer else SHORTEST, SHORTEST), LONGEST))
