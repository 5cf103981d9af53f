"""One dump after the other: services stopped, the database restored, services started, and all of it remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from console.errors import ExplainedError
from ops.companion.drops import Drop, Queue
from ops.companion.memory import Memory, Taken
from ops.companion.services import Services
from ops.companion.settings import Settings
from ops.doors.stopping import StopAskedError, Stopping

LOOK_SECONDS = 1.0  # between two looks whether a service has stopped, or is up
ENDING_SECONDS = 150.0  # a run before ours is told to end and killed by then: at Render a minute after it was told


class Restore(Protocol):
    """Puts a dump in the live database's place: whole, or not at all."""

    def __call__(self, drop: Drop) -> None: ...


def utc() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass
class Companion:
    """At work with what it was given."""

    settings: Settings
    queue: Queue
    memory: Memory
    services: Services
    restore: Restore
    clear: Callable[[], None]
    """Removes what a restore that was killed has left."""
    stopping: Stopping
    say: Callable[[str], None]
    clock: Callable[[], float]
    wait: Callable[[float], bool]
    """Lets time pass; whether we were asked to end by then."""
    now: Callable[[], datetime] = utc
    _seen: dict[str, tuple[str, float]] = field(default_factory=dict)

    def run(self, *, once: bool) -> list[Taken]:
        """Watch until we are asked to end; with `once`, until all that is there and whole is done."""
        done: list[Taken] = []
        self.recover()
        while not self.stopping.asked:
            ready, waiting = self._looked(once=once)
            for drop in ready:
                if self.stopping.asked:
                    return done
                if taken := self.take(drop):
                    done.append(taken)
            if once and not waiting:
                return done
            if once and not ready and not self._settling(waiting):
                self.say(f"still being written, and left: {', '.join(drop.name for drop in waiting)}")
                return done
            if self.wait(self.settings.poll_interval):
                break
            self._start_left()
        return done

    def recover(self) -> None:
        """What a run before has left: services that we had stopped run again, and its dump is not taken twice."""
        self._let_another_end()
        if self.stopping.asked:
            return
        cut = self.memory.interrupt()
        for taken in cut:
            self.say(f"{taken.name} was interrupted: see what the database holds, then touch the file to try again")
        self._start_left()
        if cut:
            try:
                self.clear()
            except (ExplainedError, OSError) as error:  # the next restore removes it
                self.say(f"cannot remove what was half done: {error}")

    def _let_another_end(self) -> None:
        """No lock keeps a memory in a bucket: in a deploy at Render the run before ours is ended after we began."""
        if not self.memory.shared or not self.memory.busy:
            return
        self.say(f"a run before may still be ending: waiting up to {ENDING_SECONDS:g} s")
        end = self.clock() + ENDING_SECONDS
        while self.memory.busy and self.clock() < end and not self.wait(LOOK_SECONDS):
            if self.memory.look_again():
                end = self.clock() + ENDING_SECONDS

    def look(self) -> tuple[list[Drop], list[Drop]]:
        """What can be taken now, and what may still be being written."""
        ready: list[Drop] = []
        waiting: list[Drop] = []
        there = self.queue.found()
        for drop in there:
            if self.memory.knows(drop):
                continue
            (ready if self._is_whole(drop) else waiting).append(drop)
        names = {drop.name for drop in there}
        self._seen = {name: seen for name, seen in self._seen.items() if name in names}
        return ready, waiting

    def take(self, drop: Drop) -> Taken | None:
        """Restore one. Whatever becomes of it, the services run again, on the old data or on the new."""
        if not self.queue.claim(drop, self.memory.state.companion):
            self.say(f"{drop.name} is another companion's")
            self.memory.note(drop, "another's", self.now())
            return None
        self.say(f"restoring {drop.name}")
        began, at = self.clock(), self.now()
        self.memory.note(drop, "begun", at)
        try:
            next(iter(drop.read()), b"")  # for what we may not read, nobody is stopped
            self._stop()
            with self.stopping.breakable():
                self.restore(drop)
            taken = self.memory.note(drop, "restored", at, seconds=self.clock() - began)
            self.say(f"{drop.name} is restored, after {taken.seconds:g} s")
        except (ExplainedError, OSError) as error:
            why = str(error).partition("\n\nhint: ")[0]
            taken = self.memory.note(drop, "failed", at, seconds=self.clock() - began, why=why)
            self.say(f"{drop.name} is not restored, and will not be tried again until it is touched: {error}")
        except StopAskedError:
            taken = self.memory.note(drop, "interrupted", at, seconds=self.clock() - began, why="asked to end")
            self.say(f"{drop.name} is not restored: asked to end; touch it to have it taken again")
        finally:
            self._start_left()
        return taken

    def _looked(self, *, once: bool) -> tuple[list[Drop], list[Drop]]:
        """A bucket or folder that cannot be reached now may be reached later."""
        try:
            return self.look()
        except (ExplainedError, OSError) as error:
            if once:
                raise
            self.say(f"cannot look for dumps, and will look again: {error}")
            return [], []

    def _is_whole(self, drop: Drop) -> bool:
        """Not while it grows, is empty, or is open; and not before it was the same for one interval."""
        if not drop.size:
            return False
        if not self.queue.settles:
            return True
        stamp, since = self._seen.get(drop.name, ("", 0.0))
        if stamp != drop.identity:
            self._seen[drop.name] = (drop.identity, self.clock())
            return False
        return self.clock() - since >= self.settings.poll_interval and not self.queue.is_open(drop)

    def _settling(self, waiting: Sequence[Drop]) -> bool:
        """Whether one was seen for the first time just now: it has not had its interval."""
        now = self.clock()
        return any(
            drop.size and now - self._seen.get(drop.name, ("", 0.0))[1] < self.settings.poll_interval
            for drop in waiting
        )

    def _stop(self) -> None:
        """The last first. What somebody has stopped before is not ours to start."""
        ours = [name for name in reversed(self.settings.services) if self.services.runs(name)]
        for name in ours:
            self.say(f"stopping {name}")
            self.memory.stopping(name)
            self.services.stop(name, self.settings.stop_timeout)
        self._until(lambda: not any(map(self.services.runs, ours)), self.settings.stop_timeout, "stop", ours)
        if not self.stopping.asked:
            self.wait(self.settings.stop_wait)

    def _start_left(self) -> None:
        """In their order. One that does not come up is told, kept in mind, and tried again at the next look."""
        left = [name for name in self.settings.services if name in self.memory.state.stopped]
        left += [name for name in self.memory.state.stopped if name not in left]
        up: list[str] = []
        for name in left:
            self.say(f"starting {name}")
            try:
                self.services.start(name)
                if not self.stopping.asked:  # whoever asked is not made to wait
                    self._until(partial(self.services.is_up, name), self.settings.start_wait, "start", [name])
            except ExplainedError as error:
                self.say(f"warning: {name} is not up again: {error}")
            else:
                up.append(name)
        for name in up:  # a memory that fails keeps none of them down
            self.memory.started(name)

    def _until(self, holds: Callable[[], bool], seconds: float, verb: str, names: Sequence[str]) -> None:
        end = self.clock() + seconds
        while not holds():
            if self.clock() >= end:
                raise ExplainedError(
                    f"{', '.join(names)} did not {verb} within {seconds:g} s", hint="look at the platform's own logs"
                )
            if self.wait(LOOK_SECONDS):
                return
