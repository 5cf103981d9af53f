"""A backup from its snapshot to its manifest, which is stored last: whatever ends it before, there is none."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from console.errors import ExplainedError
from infra.names import BACKUP_METRIC
from ops.backups.jobs import usual_jobs
from ops.backups.made_by import slipway
from ops.backups.manifest import Manifest, Part, Tools, key, new_id
from ops.backups.place import Place
from ops.backups.sealing import Sealed
from ops.backups.shape import Piece, Shape, shape_of
from ops.backups.store import Store, retention_of
from ops.doors.postgres_dump import STATISTICS_CAME, Database
from ops.doors.postgres_snapshot import Held
from ops.releases.warned import warned


@dataclass(frozen=True)
class _Made:
    shape: Shape
    parts: tuple[Part, ...]
    contents: dict[str, Any]


@dataclass
class Creation:
    """Of one backup."""

    place: Place
    database: Database
    recipients: tuple[str, ...]
    cores: int = field(default_factory=usual_jobs)
    stopped: threading.Event = field(default_factory=threading.Event)

    def make(self, backup: str, started: datetime) -> Manifest:
        """What is refused is refused before anything is stored."""
        begun, place, say = time.monotonic(), self.place, self.place.context.output.say
        facts = self.database.facts()
        program = self.database.program(facts.major)
        store = Store(place.objects, place.environment, say)
        retention = retention_of(started, store.backups())
        prefix = key(retention, place.environment, backup, "")
        with self.database.hold() as held:
            made = self._in(held, prefix, statistics=facts.major >= STATISTICS_CAME)
        manifest = Manifest(
            id=backup,
            environment=place.environment,
            database=facts.database,
            retention=retention,
            started=started,
            finished=place.now(),
            seconds=round(time.monotonic() - begun, 3),
            server_version=facts.server_version,
            server_version_num=facts.server_version_num,
            tools=Tools(pg_dump=program, slipway=slipway()),
            encoding=facts.encoding,
            collate=facts.collate,
            ctype=facts.ctype,
            locale_provider=facts.locale_provider,
            mode=made.shape.mode,
            why_mode=made.shape.why,
            parts=made.parts,
            recipients=self.recipients,
            release=place.release(),
            contents=made.contents,
        )
        place.objects.put(manifest.key, [manifest.stored()])
        return manifest

    def _in(self, held: Held, prefix: str, *, statistics: bool) -> _Made:
        """The parts and what they must hold, side by side in the same snapshot; what fails ends all of it."""
        shape = shape_of(held.relations, cores=self.cores, statistics=statistics)
        self.place.context.output.say(f"{shape.mode}: {shape.why}")
        # The hashes are read beside the first parts, the schema last: it is small.
        pieces = sorted(shape.pieces, key=lambda one: -one.size)
        with ThreadPoolExecutor(max_workers=len(pieces) + 1, thread_name_prefix="backup") as pool:
            contents = pool.submit(self.database.contents, held, self.cores)
            parts = {piece.name: pool.submit(self._store, held, piece, prefix) for piece in pieces}
            work: list[Future[Any]] = [contents, *parts.values()]
            try:
                wait(work, return_when=FIRST_EXCEPTION)
            finally:
                if not all(one.done() and not one.exception() for one in work):
                    self.stopped.set()
                    self.database.end()
            _raise_first(work)
            return _Made(shape, tuple(parts[piece.name].result() for piece in shape.pieces), contents.result())

    def _store(self, held: Held, piece: Piece, prefix: str) -> Part:
        place = f"{prefix}{piece.name}"
        with self.database.dump(held, piece.words) as plain:
            sealed = Sealed(self._going_on(plain), self.recipients)
            stored = self.place.objects.put(place, sealed)
        return Part(
            name=piece.name, key=place, kind=piece.kind, size=stored.size, sha256=stored.sha256,
            plain_size=sealed.plain_size,
        )  # fmt: skip

    def _going_on(self, plain: Iterator[bytes]) -> Iterator[bytes]:
        why = "another part of the backup has failed"
        try:
            for chunk in plain:
                if self.stopped.is_set():
                    break
                yield chunk
        except Exception:
            if not self.stopped.is_set():  # else it was ended
                raise
        if self.stopped.is_set():
            raise _StoppedError("stopped", why)


class _StoppedError(ExplainedError):
    """Because of something else, which is told."""


def create(place: Place) -> Manifest:
    """Make one, and tell the alarm's metric; one that fails leaves a mark, and the newest good one as the newest."""
    started = place.now()
    backup = new_id(started, secrets.token_hex(3))
    with _told(place, backup, started):
        recipients = place.recipients()
        database = place.context.doors.database(place.database())
        return Creation(place, database, recipients).make(backup, started)


@contextmanager
def _told(place: Place, backup: str, started: datetime) -> Iterator[None]:
    """Whoever watches learns how it ended; what cannot be told is no reason to lose a backup."""
    say = place.context.output.say
    try:
        yield
    except BaseException as error:
        why = " ".join(str(error).partition("\n\nhint:")[0].split()) or type(error).__name__
        mark = {"id": backup, "started": started.isoformat(), "failed": place.now().isoformat(), "why": why}
        with warned(say):
            place.metric(BACKUP_METRIC, 0)
        with warned(say):
            place.objects.put(f"failed/{place.environment}/{backup}.json", [json.dumps(mark).encode()])
        raise
    with warned(say):
        place.metric(BACKUP_METRIC, 1)


def _raise_first(work: list[Future[Any]]) -> None:
    """What made the others stop, not that they did."""
    errors = [error for one in work if (error := one.exception())]
    for error in (*(one for one in errors if not isinstance(one, _StoppedError)), *errors):
        raise error
