"""Requests at a steady rate: what is seen before a deploy begins, and while a release is watched."""

from __future__ import annotations

import threading

from ops.doors.web import Visit
from ops.releases.baseline import Baseline
from ops.releases.observed import Kind, Request
from ops.releases.sampling import Sampler, observe
from ops.releases.services import environment
from tests.support.released_fakes import NEW, URL, Staging
from tests.support.waiting import eventually

REQUESTS = [Request("GET", "/health/", 200), Request("POST", "/api/exams/", 400)]


def test_all_kinds_take_their_turns_until_the_end() -> None:
    """One that hangs holds up no other."""
    hangs = threading.Event()

    def visit(method: str, url: str) -> Visit:
        if method == "POST":
            hangs.wait()
        return Visit(200, 0.001)

    sampler = Sampler(visit, URL, [*[REQUESTS[0]] * 9, REQUESTS[1]], pause=0.001)
    sampler.start()
    eventually(lambda: len(sampler.answers()) > 18, "two rounds")
    answers = sampler.stop()
    hangs.set()

    assert {str(one.request.name) for one in answers} == {"GET /health/"}


def test_a_judge_that_has_seen_enough_ends_it() -> None:
    """What he says is what is told; else it goes on for as long as it was to."""
    now = [0.0]

    def wait(seconds: float) -> None:
        now[0] += seconds

    def watched(why: str | None) -> tuple[str | None, float]:
        now[0] = 0.0
        sampler = Sampler(lambda method, url: Visit(200, 0.0), URL, [])
        return observe(sampler, 30, lambda answers: why, clock=lambda: now[0], wait=wait)[0], now[0]

    assert watched("too slow") == ("too slow", 0.5)
    assert watched(None) == (None, 30.0)


def test_the_release_before_is_watched_until_a_deploy_begins() -> None:
    """Which is told at once, with what was seen by then."""
    there, told = Staging(), list[dict[str, Kind]]()
    services = environment(there.pulumi.resources("staging")).services
    sampler = Sampler(lambda method, url: Visit(200, 0.004), URL, REQUESTS[:1], pause=0.001)
    baseline = Baseline(there.render, services, sampler, told.append, look=0.01)

    baseline.start()
    eventually(lambda: len(sampler.answers()) >= 10, "some answers")
    assert told == []
    there.render.up(NEW, ["srv-worker"])
    eventually(lambda: bool(told), "that it was told")
    seen = baseline.stop()

    assert seen["GET /health/"].failed == 0
    assert seen["GET /health/"].milliseconds[0] == 4
    assert told[0]["GET /health/"].count >= 10


def test_where_nothing_begins_nothing_is_told() -> None:
    """An `up` that has nothing to do waits for nobody."""
    there, told = Staging(), list[dict[str, Kind]]()
    services = environment(there.pulumi.resources("staging")).services
    baseline = Baseline(there.render, services, Sampler(lambda *_: Visit(200, 0.0), URL, REQUESTS), told.append)

    baseline.start()

    assert baseline.stop() == {}
    assert told == []
