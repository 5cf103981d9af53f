"""What the local cloud started is killed; supervision or `local start` mends it, and nothing stored is lost."""

from __future__ import annotations

import json
import os
import signal

import pytest
import requests

from tests.support import inventory
from tests.support.waiting import eventually
from tests.support.world import World
from tests.support.worlds import separate_world

REVIVE_SECONDS = 60.0
KINDS = ("edge", "edge-srv-", "instance-srv-", "key-value-", "postgres-")


def _running(world: World) -> dict[str, int]:
    listed = json.loads(world.local("status", "--json").stdout)["processes"]
    return {one["name"]: one["pid"] for one in listed}


def _url(world: World) -> str:
    url: str = json.loads(world.pulumi("stack", "output", "--stack", "staging", "--json").stdout)["url"]
    return url


def _healthy(url: str) -> bool:
    try:
        return requests.get(f"{url}/api/health/", timeout=30).status_code == 200
    except requests.ConnectionError:
        return False


def _titles(url: str) -> list[str]:
    return [one["title"] for one in requests.get(f"{url}/api/exams/", timeout=30).json()["results"]]


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_daemon_started_is_started_again(staging: World, kind: str) -> None:
    """A Caddy, an instance of the app, the Valkey, PostgreSQL: one is killed, and the service answers again."""
    url, before = _url(staging), _running(staging)
    name = next(one for one in sorted(before) if one == kind or (one.startswith(kind) and kind.endswith("-")))

    os.kill(before[name], signal.SIGKILL)

    # An instance that takes over has a name of its own.
    eventually(lambda: before[name] not in _running(staging).values(), seconds=REVIVE_SECONDS)
    eventually(lambda: len(_running(staging)) == len(before) and _healthy(url), seconds=REVIVE_SECONDS)


@pytest.mark.parametrize("names", [("render",), ("aws",), ("aws", "render")])
def test_start_mends_killed_daemons_and_nothing_is_lost(staging: World, names: tuple[str, ...]) -> None:
    """Afterwards the clouds hold exactly what the state names, and the database what the app stored."""
    url = _url(staging)
    title = f"before {' and '.join(names)} were killed"
    assert requests.post(f"{url}/api/exams/", json={"title": title}, timeout=30).status_code == 201
    before = _running(staging)
    for name in names:
        os.kill(before[name], signal.SIGKILL)

    started = staging.local("start")
    eventually(lambda: _healthy(url), seconds=REVIVE_SECONDS)

    assert started.returncode == 0, started.output
    assert title in _titles(url)
    assert inventory.differences(staging) == {}


def test_stop_ends_what_is_left_when_both_daemons_are_dead(staging: World) -> None:
    """No process of this cloud outlives `stop`, and `start` brings all of it back."""
    url = _url(staging)
    for name in ("render", "aws"):
        os.kill(_running(staging)[name], signal.SIGKILL)

    stopped = staging.local("stop")
    left = staging.left_running()
    started = staging.local("start")

    assert stopped.returncode == 0, stopped.output
    assert left == []
    assert started.returncode == 0, started.output
    eventually(lambda: _healthy(url), seconds=REVIVE_SECONDS)


def test_everything_killed_at_once_comes_back_and_reset_leaves_nothing() -> None:
    """All processes of a cloud with dev are killed; `start` mends it; killed again, `reset` removes every file."""
    with separate_world() as world:
        assert world.slipway("up", "dev").returncode == 0
        url = json.loads(world.pulumi("stack", "output", "--stack", "dev", "--json").stdout)["url"]
        assert requests.post(f"{url}/api/exams/", json={"title": "kept"}, timeout=30).status_code == 201
        _kill_all(world)
        started = world.local("start")
        eventually(lambda: _healthy(url), seconds=REVIVE_SECONDS)
        titles = _titles(url)
        outside = world.outside
        _kill_all(world)

        forgotten = world.local("reset")

        assert started.returncode == 0, started.output
        assert titles == ["kept"]
        assert forgotten.returncode == 0, forgotten.output
        assert world.left_running() == []
        assert sorted(path.name for path in world.root.iterdir()) == []
        assert [path for path in outside if path.exists()] == []


def _kill_all(world: World) -> None:
    for pid in _running(world).values():
        os.kill(pid, signal.SIGKILL)
