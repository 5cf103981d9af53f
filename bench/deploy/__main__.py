"""Operates an environment under a steady rate of requests: `python -m bench.deploy [REQUESTS]`, by default 50,000."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.deploy import app, operations
from bench.deploy.floor import floor
from bench.deploy.load import Load, answers
from bench.deploy.operations import shown, timed, version
from infra.application import APPLICATION
from tests.support.checkout import Checkout
from tests.support.world import World

STEM = f"{APPLICATION.name}-staging"
REQUESTS = 50_000
MOST_SECONDS = 8
PAUSE = 3.0
CYCLE = 90  # seconds that one round may take


def main(words: list[str]) -> int:
    """1 when a request was lost, or a limit not held."""
    wanted = int(words[0]) if words else REQUESTS
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as name:
        folder = Path(name)
        (folder / "load").mkdir()
        (folder / "checkout").mkdir()
        world = World(Checkout(folder / "checkout"))
        try:
            return _measure(world, folder, wanted)
        finally:
            world.local("reset", check=True)


def _measure(world: World, folder: Path, wanted: int) -> int:
    app.extend(world.checkout.folder)
    world.slipway_up("staging")
    url = world.have("staging").url
    load = Load(url, folder / "load")
    most = load.most(MOST_SECONDS)
    rate = max(1, int(most / 2))
    seconds = -(-wanted // rate)
    print(f"served at most {most:.0f} a second; sent are {rate} a second for {seconds} s", flush=True)
    with load.steady(rate, seconds) as out:
        times = _operate(world, url, time.monotonic() + seconds)
    result = answers(out)
    least = floor(world)
    live = statistics.median(times["deploy"])
    print(f"requests {result.total}, lost {result.lost}, longest gap {result.gap * 1000:.0f} ms (at most 250)")
    print(f"answers {dict(sorted(result.codes.items()))}")
    print("latency {:.0f} ms, 99th {:.0f} ms, longest {:.0f} ms".format(*(one * 1000 for one in result.latencies)))
    for what, taken in times.items():
        print(f"{what:22} {statistics.median(taken):6.1f} s ({len(taken)} times)")
    print(f"{'build + migrate + boot':22} {least:6.1f} s; ratio of a deploy to it {live / least:.2f} (at most 1.5)")
    return 0 if result.lost == 0 and result.gap <= 0.25 and live / least <= 1.5 else 1


def _operate(world: World, url: str, until: float) -> dict[str, list[float]]:
    """Everything in turn, again and again, for that long."""
    times: dict[str, list[float]] = {}
    service = world.render.service(STEM)["id"]
    cache = world.render.named("/key-value", f"{STEM}-cache", "keyValue")["id"]

    def act(what: str, do: Callable[..., object], *words: object) -> None:
        times.setdefault(what, []).append(timed(partial(do, *words)))
        time.sleep(PAUSE)  # so that each is seen on its own

    number = 0
    while time.monotonic() < until - CYCLE or not times:
        number += 1
        before = version(url)
        app.change(world.checkout.folder, number)
        act("deploy", _deploy, world, url, before)
        act("scaling up", operations.scale, world, service, 3)
        act("scaling down", operations.scale, world, service, 1)
        act("restart of the cache", operations.restart_cache, world, cache)
        act("rollback", _roll_back, world, url, service, before)
    return times


def _deploy(world: World, url: str, before: str) -> None:
    world.slipway_up("staging")
    shown(url, lambda one: one not in ("", before))


def _roll_back(world: World, url: str, service_id: str, to: str) -> None:
    deploys = world.render.all(f"/services/{service_id}/deploys", "deploy")
    old = next(one for one in deploys if one["status"] == "deactivated" and to in str(one["image"]))
    world.render.call("POST", f"/services/{service_id}/rollback", {"deployId": old["id"]})
    shown(url, lambda one: one == to)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
