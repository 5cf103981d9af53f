"""Services and their logs as `local status` and `local logs` show them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from console.errors import ExplainedError
from localcloud.control.services import Service, lines, services
from localcloud.machine import clock


class Render:
    """The few answers that are asked for, from plain lists."""

    def __init__(self, *, deploys: dict[str, list[str]] | None = None, log: int = 0, **fields: Any) -> None:
        self.deploys = deploys or {}
        self.events: list[dict[str, Any]] = fields.pop("events", [])
        self.log = [line(number) for number in range(log)]
        self.asked: list[str] = []
        self.service = {
            "id": "srv-1",
            "name": "cams-dev",
            "type": "web_service",
            "suspended": "not_suspended",
            "serviceDetails": {"url": "http://127.0.0.1:20001"},
            **fields,
        }

    def __call__(self, path: str, query: dict[str, Any]) -> Any:
        self.asked.append(path)
        match path.split("/")[1:]:
            case ["services"]:
                return [{"service": self.service, "cursor": "a"}]
            case ["services", key, "deploys"]:
                return [{"deploy": {"status": status}} for status in self.deploys.get(key, [])]
            case ["services", _, "events"]:
                return [{"event": event} for event in self.events]
            case ["postgres"]:
                return [{"postgres": {"name": "cams-dev-db", "status": "available"}, "cursor": "a"}]
            case ["key-value"]:
                return []
        found = [one for one in self.log if query["startTime"] <= one["timestamp"] <= query.get("endTime", "9")]
        page = (found if query.get("direction") == "forward" else found[::-1])[: query["limit"]]
        return {
            "logs": page,
            "hasMore": len(found) > len(page),
            "nextEndTime": page[-1]["timestamp"] if page else "",
        }


def line(number: int) -> dict[str, Any]:
    return {
        "id": f"l{number}",
        "timestamp": f"2026-11-21T03:{number // 60:02}:{number % 60:02}.5Z",
        "message": f"m{number}",
    }


Past = tuple[str, float, dict[str, Any]]
LIVE: Past = ("deploy_ended", 200, {"deployStatus": "succeeded"})
DIED: Past = ("server_failed", 5, {"reason": {"evicted": False, "nonZeroExit": 1}})
DIED_LONG_AGO: Past = ("server_failed", 90, {"reason": {"evicted": False, "nonZeroExit": 1}})
KILLED: Past = ("server_failed", 5, {"reason": {"evicted": False, "oomKilled": {"memoryLimit": "512Mi"}}})
BACK: Past = ("server_available", 0, {})


def event(kind: str, seconds_ago: float, details: dict[str, Any]) -> dict[str, Any]:
    moment = clock.now() - timedelta(seconds=seconds_ago)
    return {"type": kind, "timestamp": f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z", "details": details}


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))


def test_services_and_databases_are_listed_with_state_and_url() -> None:
    """By name, each with what it is."""
    found = services(Render(deploys={"srv-1": ["live"]}))

    assert found == [
        Service("cams-dev", "web service", "live", "http://127.0.0.1:20001"),
        Service("cams-dev-db", "PostgreSQL", "available"),
    ]


@pytest.mark.parametrize(
    ("deploys", "fields", "state"),
    [
        ([], {}, "not deployed"),
        (["update_in_progress"], {}, "update in progress"),
        (["build_failed", "live"], {}, "live, newest: build failed"),
        (["live"], {"suspended": "suspended"}, "suspended"),
        (["live"], {"serviceDetails": {"maintenanceMode": {"enabled": True}}}, "live, in maintenance"),
    ],
)
def test_a_state_says_what_serves_and_what_failed(deploys: list[str], fields: dict[str, Any], state: str) -> None:
    """The newest deploy alone would hide that an older release still serves."""
    assert services(Render(deploys={"srv-1": deploys}, **fields))[0].state == state


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([LIVE], "live"),
        ([DIED, LIVE], "crashed: exit code 1, 1 restart"),
        ([BACK, DIED, BACK, DIED, LIVE, DIED], "crash loop: exit code 1, 2 restarts"),
        ([KILLED, BACK, DIED, LIVE], "crash loop: out of memory (limit 512Mi), 2 restarts"),
        ([BACK, DIED_LONG_AGO, DIED_LONG_AGO, LIVE], "live"),
        ([DIED_LONG_AGO, LIVE], "crashed: exit code 1, 1 restart"),
    ],
)
def test_a_crash_loop_is_told_as_one(events: list[Past], state: str) -> None:
    """Of the live release alone, and until it has run for a minute."""
    render = Render(deploys={"srv-1": ["live"]}, events=[event(*one) for one in events])

    assert services(render)[0].state == state


def test_a_log_is_told_oldest_first_and_no_longer_than_asked() -> None:
    """Render gives the newest first."""
    told = list(lines("cams-dev", newest=2, follow=False, ask=Render(log=5)))

    assert told == ["2026-11-21 03:00:03  m3", "2026-11-21 03:00:04  m4"]


def test_a_long_log_is_read_page_by_page_without_gaps_or_repeats() -> None:
    """One answer holds a hundred lines."""
    told = list(lines("cams-dev", newest=250, follow=False, ask=Render(log=230)))

    assert [one.split()[-1] for one in told] == [f"m{number}" for number in range(230)]


def test_a_followed_log_goes_on_where_it_was() -> None:
    """Each line once, also those of the same moment as the last one told."""
    render = Render(log=1)

    def pause(seconds: float) -> None:
        number = len(render.log)
        render.log += [{**line(number - 1), "id": f"same{number}", "message": f"same{number}"}, line(number)]

    told = lines("cams-dev", newest=5, follow=True, ask=render, pause=pause)

    assert [next(told).split()[-1] for _ in range(5)] == ["m0", "same1", "m1", "same3", "m3"]


def test_an_unknown_name_is_told_with_the_known_ones() -> None:
    """Whoever mistypes needs the list."""
    with pytest.raises(ExplainedError, match="there are aws, github, render and the services cams-dev\n"):
        list(lines("nix", newest=1, follow=False, ask=Render()))
