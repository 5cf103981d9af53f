"""One fault at one random moment, and what has to hold afterwards."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field

from bench.faults_backup.world import FAULTS, World
from console.errors import ExplainedError
from ops.backups import contents, keys
from ops.backups.contents import Contents
from ops.backups.store import Store
from ops.backups.verify import verify
from ops.doors.postgres_archive import parse

MODES = ("single", "parts")
STARTUP = 0.35  # of an undisturbed run's time, in which Python loads: few faults are worth it there


@dataclass
class Tally:
    """What was seen; `wrong` has to stay empty."""

    trials: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Backups:
    """Of a bucket in which two good ones are, in both modes, and have to stay."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.world, self.chance, self.tally = world, chance, Tally()
        self.seconds = {mode: _undisturbed(world, "backup", mode) for mode in MODES}
        self.good = [one.id for one in self._store().backups()]

    def trial(self, number: int) -> None:
        """The good ones are good, and what is new is whole or is none."""
        fault, mode = _turn(number)
        ended = _disturbed(self.world, "backup", mode, fault, self.chance.uniform(STARTUP, 1.05) * self.seconds[mode])
        store, place = self._store(), self.world.place("source")
        there = store.backups()
        for name in set(self.good) - {one.id for one in there}:
            self.tally.wrong.append(f"{fault}: good backup {name} is lost")
        new = [one for one in there if one.id not in self.good]
        outcome = "landed" if new else "none"
        for one in new:
            try:
                identities = keys.key(place.stack, place.clients, self.world.key).identities
                verify(store.manifest(one), place.objects, identities, parse)
            except ExplainedError as error:
                self.tally.wrong.append(f"{fault}: {one.id} has a manifest and is bad: {error}")
            for key in one.objects:
                place.objects.delete(key)
        if ended == 0 and not new:
            self.tally.wrong.append(f"{fault}: it said that it was done, and there is none")
        if store.newest()[0].id != max(self.good):
            self.tally.wrong.append(f"{fault}: the newest good one is not the newest")
        self.tally.trials[f"backup in {mode}, {fault}: {outcome}"] += 1

    def _store(self) -> Store:
        return Store(self.world.place("source").objects, "staging")


class Restores:
    """Into a live database, which is the old one or the restored one, whenever somebody looks."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.world, self.chance, self.tally = world, chance, Tally()
        self.old, self.new = contents.read(world.url("old")), contents.read(world.url("source"))
        self.seconds = dict[str, float]()
        for mode in MODES:
            world.renew()
            self.seconds[mode] = _undisturbed(world, "restore", mode)

    def trial(self, number: int) -> None:
        """Afterwards the same command does it."""
        world, (fault, mode) = self.world, _turn(number)
        world.renew()
        ended = _disturbed(world, "restore", mode, fault, self.chance.uniform(STARTUP, 1.05) * self.seconds[mode])
        if "live" not in world.databases():
            self.tally.wrong.append(f"{fault}: there is no live database")
            return
        outcome = self._is(contents.read(world.url("live")))
        if outcome == "half-done" or (ended == 0 and outcome != "restored"):
            self.tally.wrong.append(f"{fault}: the live database is {outcome} (exit code {ended})")
        if outcome == "as before" and number % 5 == 0:
            process = world.start("restore", mode)
            if process.wait() or self._is(contents.read(world.url("live"))) != "restored":
                self.tally.wrong.append(f"{fault}: the same command again did not do it: {world.said()}")
            self.tally.trials["restore: done by the same command again"] += 1
        self.tally.trials[f"restore of {mode}, {fault}: {outcome}"] += 1

    def _is(self, found: Contents) -> str:
        if not contents.differences(self.new, found):
            return "restored"
        return "half-done" if contents.differences(self.old, found) else "as before"


def _turn(number: int) -> tuple[str, str]:
    """Each fault in each mode."""
    return FAULTS[number % len(FAULTS)], MODES[number // len(FAULTS) % len(MODES)]


def _undisturbed(world: World, what: str, mode: str) -> float:
    """How long it takes."""
    began = time.monotonic()
    if world.start(what, mode).wait():
        raise RuntimeError(f"{what} fails without any fault: {world.said()}")
    return time.monotonic() - began


def _disturbed(world: World, what: str, mode: str, fault: str, after: float) -> int:
    process = world.start(what, mode)
    time.sleep(after)
    world.fail(fault, process)
    world.mend(fault, process)
    return process.returncode
