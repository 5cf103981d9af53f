"""What an operator does to a service, each waited for, each timed."""

from __future__ import annotations

import time
from collections.abc import Callable

import requests

from tests.support.waiting import eventually
from tests.support.world import World

IN_A_ROW = 5
PATIENCE = 120


def version(url: str) -> str:
    """What answers."""
    try:
        return str(requests.get(f"{url}/api/health/", timeout=5).json().get("version", ""))
    except (requests.RequestException, ValueError):
        return ""


def timed(act: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def shown(url: str, good: Callable[[str], bool]) -> None:
    """Wait until answers in a row are of that version."""
    seen: list[bool] = []

    def again() -> bool:
        seen.append(good(version(url)))
        return len(seen) >= IN_A_ROW and all(seen[-IN_A_ROW:])

    eventually(again, "the version", seconds=PATIENCE)


def scale(world: World, service_id: str, count: int) -> None:
    """To that many instances, until they are all there."""
    world.render.call("POST", f"/services/{service_id}/scale", {"numInstances": count})
    path = f"/services/{service_id}/instances"
    eventually(lambda: len(world.render.call("GET", path)) == count, f"{count} instances", seconds=PATIENCE)


def restart_cache(world: World, cache_id: str) -> None:
    """End it and start it again."""
    world.render.call("POST", f"/key-value/{cache_id}/suspend")
    world.render.call("POST", f"/key-value/{cache_id}/resume")
    path = f"/key-value/{cache_id}"
    available = "available"
    eventually(lambda: world.render.call("GET", path)["status"] == available, "the cache", seconds=PATIENCE)
