"""Whether a worker of a release works: its application says so, once one has carried out a job."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from render_provider.provider.gate.failure import Failed, GateError
from render_provider.provider.task import Task
from render_provider.provider.verify import Probe

LIMIT = 120.0  # seconds in which one has to
SHORTEST, LONGEST = 0.5, 5.0  # seconds between two looks, whatever `Retry-After` says: it has whole ones alone
BAD_SECONDS = 5.0  # an error that does not say when to ask again is no "not yet"


def wait_for_worker(task: Task, probe: Probe, url: str, version: str, meanwhile: Callable[[], None]) -> None:
    """Return when it answers 200 to that version; a 503 with `Retry-After` is "not yet", for as long as `LIMIT`."""
    clock, asked = task.client.clock, f"{url}?version={quote(version, safe=':')}"
    began = good_until = clock.now()
    task.say("waiting for a worker to prove itself")
    while True:
        meanwhile()
        answer = probe(asked)
        now = clock.now()
        if answer and answer.status == 200 and version in answer.text:
            return
        if not answer or answer.status < 500 or answer.later:
            good_until = now
        if now - good_until > BAD_SECONDS or now - began > LIMIT:
            raise GateError(f"no worker of it has proved itself in {now - began:.0f} s", [Failed(asked, answer)])
        clock.sleep(min(max(answer.later / 2 if answer else 0, SHORTEST), LONGEST))
