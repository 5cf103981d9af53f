"""Which limit a call counts against, and when a window ends."""

from __future__ import annotations

import pytest

from localcloud.render.api.limits import REAL, Limits, NewLimits, bucket


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v1/services", ("reads_per_minute", "")),
        ("POST", "/v1/services", ("creates_per_hour", "")),
        ("POST", "/v1/postgres", ("creates_per_hour", "")),
        ("POST", "/v1/key-value", ("creates_per_hour", "")),
        ("PATCH", "/v1/services/srv-1", ("service_writes_per_minute", "srv-1")),
        ("POST", "/v1/services/srv-1/deploys", ("service_writes_per_minute", "srv-1")),
        ("POST", "/v1/services/srv-1/scale", ("service_writes_per_minute", "srv-1")),
        ("POST", "/v1/services/srv-1/custom-domains", ("domains_per_hour", "")),
        ("POST", "/v1/services/srv-1/jobs", ("jobs_per_hour", "")),
        ("DELETE", "/v1/services/srv-1", ("writes_per_minute", "")),
        ("PUT", "/v1/services/srv-1/env-vars", ("writes_per_minute", "")),
    ],
)
def test_buckets(method: str, path: str, expected: tuple[str, str]) -> None:
    """Each kind of call has its bucket; writes to a service have one for each service."""
    assert bucket(method, path) == expected


def test_a_window_ends() -> None:
    """With Render's own limits ten writes a minute are allowed, the next only in the next minute."""
    moment = [100.0]
    limits = Limits(clock=lambda: moment[0])
    limits.set(NewLimits(real=True))

    first = [limits.count("PATCH", "/v1/services/srv-1")[0] for _ in range(11)]
    other, _ = limits.count("PATCH", "/v1/services/srv-2")
    moment[0] += 45
    _, headers = limits.count("PATCH", "/v1/services/srv-1")
    moment[0] += 15
    again, _ = limits.count("PATCH", "/v1/services/srv-1")

    assert first == [True] * 10 + [False]
    assert (other, again) == (True, True)
    assert headers == {"Ratelimit-Limit": "10", "Ratelimit-Remaining": "0", "Ratelimit-Reset": "15"}
    assert REAL["creates_per_hour"] == 20
