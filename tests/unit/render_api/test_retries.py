"""What the client sends again, and for how long it waits."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import requests

from render_api.clock import SystemClock
from render_api.errors import (
    RateLimited,
    RefusedError,
    StoppedError,
    UnknownOutcomeError,
    UnreachableError,
)
from tests.support.scripted_session import HOST, client, reply


def test_a_rate_limit_is_waited_for_and_told() -> None:
    """Ratelimit-Reset is seconds to wait; the wait is announced, then the same request is sent."""
    said: list[str] = []
    render, session, clock = client(
        reply(429, {"error": "rate limit exceeded"}, Ratelimit_Reset="3494"), reply(201, {"id": "srv-1"}), said=said
    )

    made = render.post("/services", {"name": "a"})

    assert made == {"id": "srv-1"}
    assert clock.waits == [3494.6]
    assert said == ["Render's rate limit is reached at POST /services: waiting 58 min"]
    assert session.asked == [("POST", f"{HOST}/services", {"name": "a"})] * 2


def test_a_reset_given_as_a_date_is_understood() -> None:
    """The documentation says that Ratelimit-Reset is a date, the real API sends seconds: both work."""
    render, _, clock = client(reply(429, None, Ratelimit_Reset="1800000030"), reply(200, []))

    render.get("/services")

    assert clock.waits == [pytest.approx(30.6)]


def test_retry_after_goes_before_the_reset() -> None:
    """When Render says when to come back, that counts."""
    render, _, clock = client(reply(429, None, Retry_After="5", Ratelimit_Reset="50"), reply(200, []))

    render.get("/services")

    assert clock.waits == [5.6]


def test_a_wait_beyond_patience_is_an_error_with_the_time() -> None:
    """Nobody is left hanging for hours: the error says how long to wait."""
    render, _, clock = client(reply(429, {"error": "rate limit exceeded"}, Ratelimit_Reset="600"), patience=300)

    with pytest.raises(RateLimited, match=r"rate limit exceeded \(HTTP 429\)\n\nhint: wait 10 min"):
        render.get("/services")

    assert clock.waits == []


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_a_passing_failure_is_tried_again(method: str, status: int) -> None:
    """What may be repeated is repeated, with growing pauses."""
    render, session, clock = client(reply(status), reply(status), reply(200, {}))
    arguments = ("/x",) if method in ("get", "delete") else ("/x", {"a": 1})

    getattr(render, method)(*arguments)

    assert len(session.asked) == 3
    assert clock.waits == [0.75, 1.5]


def test_a_failure_that_stays_is_told() -> None:
    """Retries are bounded, and the last answer is the error."""
    render, session, _ = client(*[reply(503, {"message": "maintenance"})] * 6)

    with pytest.raises(RefusedError, match=r"GET /x: maintenance \(HTTP 503\)"):
        render.get("/x")

    assert len(session.asked) == 6


def test_an_internal_error_is_not_repeated() -> None:
    """A 500 is a bug over there; asking again gives the same."""
    render, session, _ = client(reply(500, {"message": "boom"}))

    with pytest.raises(RefusedError, match="boom"):
        render.get("/x")

    assert len(session.asked) == 1


@pytest.mark.parametrize(
    "lost",
    [
        requests.ReadTimeout("read timed out"),
        requests.ConnectionError("Remote end closed connection without response"),
        reply(500, {"message": "boom"}),
        reply(502),
        reply(503),
        reply(504),
    ],
)
def test_a_create_without_an_answer_is_never_sent_again(lost: Any) -> None:
    """It may have been carried out: the caller has to look before anything is made twice."""
    render, session, _ = client(lost)

    with pytest.raises(UnknownOutcomeError, match=r"^unknown outcome of POST /services: "):
        render.post("/services", {"name": "a"})

    assert len(session.asked) == 1


def test_a_repeatable_post_is_sent_again() -> None:
    """Linking twice is linking once."""
    render, session, _ = client(requests.ReadTimeout(), reply(503), reply(201, {}))

    render.post("/env-groups/evg-1/services/srv-1", repeatable=True)

    assert len(session.asked) == 3


def test_a_create_that_never_left_is_sent_again() -> None:
    """A refused connection carried nothing out."""
    refused = requests.ConnectionError("NewConnectionError: connection refused")
    render, session, _ = client(refused, requests.ConnectTimeout(), reply(201, {"id": "srv-1"}))

    assert render.post("/services", {}) == {"id": "srv-1"}
    assert len(session.asked) == 3


def test_nobody_there_is_told_after_a_bounded_time() -> None:
    """A wrong host ends in one clear error."""
    render, _, clock = client(*[requests.ConnectionError("NewConnectionError")] * 6)

    with pytest.raises(UnreachableError, match=f"hint: is {HOST} right and up"):
        render.get("/services")

    assert sum(clock.waits) < 60


def test_a_wait_ends_when_told_to_stop() -> None:
    """Ctrl-C does not have to sit out an hour."""
    clock, ended = SystemClock(), []

    def wait() -> None:
        try:
            clock.sleep(60)
        except StoppedError as error:
            ended.append(str(error))

    waiting = threading.Thread(target=wait)
    waiting.start()
    clock.stop()
    waiting.join(5)

    assert ended == ["render: stopped while waiting\n\nhint: run the command again: it goes on where it stopped"]
