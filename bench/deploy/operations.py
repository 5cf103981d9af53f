"""What an operator does to an environment, each waited for until it is seen at the address."""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from collections.abc import Callable

from bench.app_start import until
from bench.deploy.app import App
from bench.deploy.report import Taken
from bench.shown import Row, told, version
from infra.application import APPLICATION
from infra.names import EnvironmentNames
from tests.support.running import Running
from tests.support.world import World

IN_A_ROW = 5
PAUSE = 0.1  # between two looks: they are part of the load
ROUNDS = 4  # so many answers of each instance, in turn
PATIENCE = 240


class Operations:
    """On `staging`, which runs images; and on `dev`, whose branch Render deploys by itself."""

    def __init__(self, world: World, app: App) -> None:
        self._world, self._app = world, app
        self.staging, self._dev = world.have("staging").url, world.have("dev").url
        names = EnvironmentNames(APPLICATION.name, "staging")
        self._service = world.render.service(names.web)["id"]
        self._cache = world.render.named("/key-value", names.cache, "keyValue")["id"]
        self._host = world.local("git", check=True).stdout.strip()
        self._older = self._release()  # to which a rollback leads

    def push(self) -> Taken:
        """A commit on dev's branch; seconds until dev's address shows it and nothing else."""
        self._app.change()
        before, began = version(self._dev), time.perf_counter()
        self._push("develop")
        seen = _shown(self._dev, lambda one: one not in ("", before)) - began
        return Taken(seen, seen)

    def deploy(self) -> Taken:
        """A commit, pushed, built and brought up; seen at staging's address, and its command ended."""
        self._app.change()
        began = time.perf_counter()
        digest = self._release()
        run = self._world.begin("./slipway", "up", "staging")
        live = _shown(self.staging, lambda one: one == digest) - began
        _require(run, 0)
        return Taken(live, time.perf_counter() - began)

    def refuse(self) -> Taken:
        """A release that cannot serve; seconds until it is refused and the address is known to be as it was."""
        before = version(self.staging)
        with self._app.broken():
            began = time.perf_counter()
            self._release()
            _require(self._world.begin("./slipway", "up", "staging"), 1)
            _shown(self.staging, lambda one: one == before)
            return _both(began)

    def roll_back(self) -> Taken:
        """To the release that was there first; seen at the address, and its command ended."""
        began = time.perf_counter()
        run = self._world.begin("./slipway", "release", "rollback", "staging", "--to", self._older)
        live = _shown(self.staging, lambda one: one == self._older) - began
        _require(run, 0)
        return Taken(live, time.perf_counter() - began)

    def scale(self, count: int) -> Taken:
        """To that many instances; seconds until all of them answer, and no other."""
        began, recent = time.perf_counter(), deque[str](maxlen=ROUNDS * count)
        self._world.render.call("POST", f"/services/{self._service}/scale", {"numInstances": count})

        def settled() -> bool:
            recent.append(str(told(self.staging).get("instance", "")))
            return len(recent) == ROUNDS * count and len(set(recent)) == count and "" not in recent

        _until(settled, f"served by {count} instances")
        return _both(began)

    def restart_cache(self) -> Taken:
        """End it and start it again; seconds until the application has it again."""
        began, path = time.perf_counter(), f"/key-value/{self._cache}"
        self._world.render.call("POST", f"{path}/suspend")
        _until(lambda: self._cache_is("error"), "without its cache")
        self._world.render.call("POST", f"{path}/resume")
        _until(lambda: self._cache_is("ok"), "with its cache")
        return _both(began)

    def _push(self, branch: str) -> None:
        self._world.checkout.run("git", "push", "--quiet", self._host, f"HEAD:{branch}", check=True)

    def _release(self) -> str:
        """Have an image of what is committed, recorded as what `up` deploys; returns its digest."""
        self._push("staging")
        said = self._world.slipway("release", "build", "staging", "--json", check=True)
        return str(json.loads(said.stdout)["digest"])

    def _cache_is(self, status: str) -> bool:
        return bool(told(self.staging).get("cache", {}).get("status") == status)


def _both(began: float) -> Taken:
    """What is seen when it has ended."""
    taken = time.perf_counter() - began
    return Taken(taken, taken)


def _shown(url: str, good: Callable[[str], bool]) -> float:
    """Wait until nothing else answers, and return when that began."""
    row = Row(url, good)
    _until(lambda: row.complete(IN_A_ROW), "shown")
    return row.began


def _until(true: Callable[[], bool], what: str) -> None:
    until(true, PATIENCE, what, PAUSE)


def _require(run: Running, code: int) -> None:
    ended = run.popen.wait(PATIENCE)
    if ended != code:
        sys.exit(f"exit code {ended} and not {code}:\n{run.text()}")
