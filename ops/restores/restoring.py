"""A restore from its first refusal to its last rename: the live name always has a whole database."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from console.errors import ExplainedError
from ops.backups import contents, keys
from ops.backups.contents import Contents
from ops.backups.jobs import usual_jobs
from ops.backups.manifest import Manifest
from ops.backups.opened import DamagedError, WrongKeyError
from ops.backups.place import Place
from ops.doors.postgres import at
from ops.doors.postgres_databases import Databases, database_of
from ops.doors.postgres_dress import Shape
from ops.restores import checks
from ops.restores.bar import bar
from ops.restores.comparing import Reading, reading
from ops.restores.foreign import Bring, Told
from ops.restores.loading import Load, Target
from ops.restores.means import USUAL, Means
from ops.restores.sources import Source, source
from ops.restores.swap import MARK, clear, forget, named, noted, scratch_name, swap

RESTORING, RESTORED = "restoring", "restored"


@dataclass(frozen=True)
class Wish:
    """What somebody asks for."""

    what: str = ""
    into: str = ""
    in_place: bool = False
    yes: bool = False
    database: str = ""
    key: Path | None = None
    jobs: int = field(default_factory=usual_jobs)


@dataclass(frozen=True)
class Restored:
    """What became of it."""

    environment: str
    source: str
    database: str
    kept: str
    """The database of before, where it was restored in place."""
    seconds: float
    compared: bool
    """Whether there was a manifest to compare with, to which it is equal."""
    again: bool = False
    """It was there already, by the same command before."""
    notes: list[str] = field(default_factory=list)


class Marks:
    """What is loaded already, noted at the database itself: a restore that was killed goes on there."""

    def __init__(self, databases: Databases, name: str, token: str, done: list[str]) -> None:
        self._databases, self._name, self._token, self._done = databases, name, token, done

    def has(self, step: str) -> bool:
        return step in self._done

    def add(self, step: str) -> None:
        self._done.append(step)
        note = {MARK: RESTORING, "of": self._token, "done": self._done}
        self._databases.note(self._name, json.dumps(note))


def restore(place: Place, wish: Wish, means: Means = USUAL) -> Restored:
    """Refuse before anything is touched; make it under another name, compare it, and only then rename."""
    began, say = time.monotonic(), place.context.output.say
    url = place.database()
    live = database_of(url)
    checks.wish(place, wish.into, live, in_place=wish.in_place, yes=wish.yes, typed=wish.database,
                quiet=means.quiet)  # fmt: skip
    what = means.source or source(means.origin or place, wish.what)
    with place.context.doors.databases(url) as databases:
        asked = wish.in_place and not means.replaces
        if asked and (before := checks.unconfirmed(place.environment, databases, live, what.name)):
            return Restored(place.environment, what.name, live, before, 0.0, compared=True, again=True)
        told = checks.fits(place, databases, live, what, into=wish.into, in_place=wish.in_place)
        scratch = scratch_name(live, what.token)
        if means.leaves_nothing:
            clear(databases, live)
        with databases.alone(scratch):
            work = Work(place, databases, live, scratch, wish, say, means)
            notes = work.make(what, told)
            now = place.now()
            if wish.in_place:
                means.quiet(place)  # it may have been ended meanwhile
                name, kept = live, swap(databases, live, scratch, what.name, now)
                if means.replaces:
                    forget(databases, live, kept)
            else:
                name, kept = wish.into or named(live, RESTORED, now), ""
                databases.rename([(scratch, name)], {name: f"restored from {what.name}"})
    seconds = round(time.monotonic() - began, 1)
    return Restored(place.environment, what.name, name, kept, seconds, what.manifest is not None, notes=notes)


@dataclass(frozen=True)
class Work:
    """The making of one database under a name that nobody uses."""

    place: Place
    databases: Databases
    live: str
    scratch: str
    wish: Wish
    say: Callable[[str], None]
    means: Means

    def make(self, what: Source, told: Told | None) -> list[str]:
        """All of it, compared; returns what is to be known of it. What is half done goes, or is gone on with."""
        notes = self._made(what, told)
        with self._or_nothing():
            return [*notes, *self.means.prepare(at(self.databases.url, self.scratch))]

    def _made(self, what: Source, told: Told | None) -> list[str]:
        self.say(f"restoring {what.name} as {self.scratch}")
        if what.manifest:
            return self._ours(what.manifest)
        assert what.dump is not None  # noqa: S101 - it is one of both
        assert told is not None  # noqa: S101 - it was looked at
        with self._or_nothing(), bar("restoring", what.bytes) as progress:
            self.databases.drop(self.scratch)
            self._create(self._shape(None))
            restorer = self.place.context.doors.restorer(self.databases.major, told.program)
            available = frozenset(self.databases.available())
            Bring(what.dump, restorer, self._target(), available, self.wish.jobs, progress, self.say).run()
            self._analyze()
        return ["it was not compared with anything: a dump by others has no manifest"]

    def _ours(self, manifest: Manifest) -> list[str]:
        doors = self.place.context.doors
        origin = self.means.origin or self.place
        key = keys.key(origin.stack, origin.clients, self.wish.key)
        marks = self._resumed(manifest)
        found = re.search(r"\d+", manifest.tools.pg_dump)
        made_by = int(found[0]) if found else 0
        with reading(at(self.databases.url, self.scratch), self.wish.jobs) as there:
            with self._or_kept(marks), bar("restoring", manifest.size) as progress:
                load = Load(
                    manifest, origin.objects, key.identities, doors.restorer(self.databases.major, made_by),
                    self._target(), self.wish.jobs, progress, self.say, marks, lambda: self._begin(marks, manifest),
                    there.begin,
                )  # fmt: skip
                load.run()
            self.say("comparing every table with the manifest")
            with self._or_nothing():
                return self._compared(manifest, there)

    def _compared(self, manifest: Manifest, there: Reading) -> list[str]:
        wanted = Contents.model_validate(manifest.contents)
        with ThreadPoolExecutor(1) as beside:  # statistics are drawn while tables are read anyway
            analyzed = beside.submit(self._analyze)
            found = there.contents()
            analyzed.result()
        if differ := contents.differences(wanted, found):
            raise ExplainedError(
                f"what was restored is not what {manifest.id} says", "".join(f"\n  {one}" for one in differ[:20]),
                hint=f"restore another backup: ./slipway backup list {self.place.environment}",
            )  # fmt: skip
        return contents.notes(wanted, found)

    def _resumed(self, manifest: Manifest) -> Marks:
        """Go on with what a killed one has left, where it had not begun with indexes; else begin anew."""
        names = self.databases.names()
        value = noted(names.get(self.scratch, ""))
        done = [str(step) for step in value.get("done", [])]
        if self.scratch in names:
            self.databases.empty(self.scratch)
            whole = value.get("of") == manifest.id and "definitions" in done and "indexes" not in done
            if manifest.mode == "parts" and whole:
                loaded = sum(part.name in done for part in manifest.parts)
                self.say(f"going on with what was loaded before: {loaded} parts")
                return Marks(self.databases, self.scratch, manifest.id, [*dict.fromkeys([*done, "resumed"])])
            self.databases.drop(self.scratch)
        return Marks(self.databases, self.scratch, manifest.id, [])

    def _begin(self, marks: Marks, manifest: Manifest) -> None:
        if not marks.has("definitions"):
            self._create(self._shape(manifest))

    def _shape(self, manifest: Manifest | None) -> Shape:
        there = self.live in self.databases.names()
        own = self.databases.shape(self.live) if there else Shape()
        if manifest is None or (own.encoding, own.collate) == (manifest.encoding, manifest.collate):
            return own
        return Shape(manifest.encoding, manifest.collate, manifest.ctype)

    def _create(self, shape: Shape) -> None:
        like = self.live if self.live in self.databases.names() else ""
        self.databases.create(self.scratch, shape, like=like, note=json.dumps({MARK: RESTORING, "done": []}))

    def _target(self) -> Target:
        address = at(self.databases.url, self.scratch)
        roles, rows = frozenset(self.databases.roles()), self.place.context.doors.rows
        return Target(address, self.databases.major, roles, self.databases.is_superuser(), rows)

    def _analyze(self) -> None:
        self.databases.analyze(self.scratch)

    @contextmanager
    def _or_nothing(self) -> Iterator[None]:
        """What fails leaves no database behind."""
        try:
            yield
        except BaseException:
            with suppress(Exception):  # the server may be what has failed: the next restore sees to it
                self.databases.drop(self.scratch)
            raise

    @contextmanager
    def _or_kept(self, marks: Any) -> Iterator[None]:
        """A connection that was lost is no reason to load again what is loaded; damage is."""
        try:
            yield
        except (DamagedError, WrongKeyError):
            with suppress(Exception):  # likewise
                self.databases.drop(self.scratch)
            raise
        except BaseException:
            if self.means.leaves_nothing or not marks.has("definitions") or marks.has("indexes"):
                with suppress(Exception):  # likewise
                    self.databases.drop(self.scratch)
            raise
