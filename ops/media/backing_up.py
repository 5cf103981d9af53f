"""`backup media`: a run from its first question to its inventory, its metric, and the mark of one that failed."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from console.errors import ExplainedError
from console.output import counted, sized
from infra.names import MEDIA_METRIC
from ops.backups.place import Place
from ops.doors.media_bucket import Bucket
from ops.doors.media_programs import ProgramStore
from ops.doors.media_store import BucketStore, Store
from ops.media import places, target
from ops.media.copying import Copying, Counts, copy
from ops.media.inventory import Column, Footer, Header, Inventory
from ops.media.kept import Shelf
from ops.media.named import Missing, Names, check
from ops.media.target import PREFIX, Target

OFTEN = 5.0  # seconds between two lines about how far it is
SECONDS = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Media:
    """What a run works on."""

    place: Place
    bucket: Bucket
    target: Target
    store: Store
    own: Shelf  # the inventories in the backup bucket of the copies at that target

    @property
    def environment(self) -> str:
        return self.place.environment

    def close(self) -> None:
        """Forget what a program was to take away."""
        if isinstance(self.store, ProgramStore):
            self.store.close()


@dataclass(frozen=True)
class Done:
    """What a run did, and what the database names that there is no file of."""

    header: Header
    footer: Footer
    missing: Missing | None


def of(place: Place, wanted: str) -> Media:
    """By the doors of an environment, at the target that is asked for, else at that of the job's variable."""
    backups = place.objects.name
    named = wanted or place.cloud.variables.get(target.VARIABLE, "") or place.stack.backups.media_target
    where = target.parse(named, backups)
    store = target.reach(where, lambda name: place.context.doors.objects(place.clients, name))
    files = place.context.doors.media_bucket(place.clients, place.stack.names.bucket("media"))
    own = Shelf(BucketStore(place.objects, PREFIX), place.environment, where.shown)
    return Media(place, files, where, store, own)


def back_up(
    media: Media, columns: tuple[Column, ...] = (), names: Names | None = None, *, anew: bool = False
) -> Done:
    """One run. It is there once its inventory is, in the backup bucket, whatever the target.

    `anew` reads every file again, and so puts back into the copy what it has lost.
    """
    started = media.place.now()
    run = places.new_id(started)
    try:
        run = places.new_id(started, max(media.own.runs(), default=""))
        header = Header(run, media.environment, media.bucket.name, media.target.shown, _text(started), columns)
        _run(media, header, anew=anew)
    except BaseException as error:
        with suppress(ExplainedError):
            media.place.metric(MEDIA_METRIC, 0)
        with suppress(ExplainedError):
            _mark(media, run, started, error)
        raise
    media.place.metric(MEDIA_METRIC, 1)
    with closing(media.own.get(run)) as inventory:
        missing = compare(media, inventory, names) if names else None
        return Done(inventory.header, inventory.footer, missing)


def _run(media: Media, header: Header, *, anew: bool) -> None:
    recipients, clock = media.place.recipients(), media.place.context.clock
    began = clock()
    before = None if anew else media.own.newest(media.place.context.output.say)

    def end(counts: Counts) -> Footer:
        return Footer(_text(media.place.now()), round(clock() - began, 3), **vars(counts))

    copying = Copying(media.bucket, media.store, recipients, media.environment, seen=_telling(media, clock))
    try:
        finished = copy(copying, header, before.entries() if before else iter(()), end)
    finally:
        if before:
            before.close()
    with closing(finished):
        if not media.target.is_own(media.place.objects.name):
            Shelf(media.store, media.environment, media.target.shown).put_sealed(header.id, finished, recipients)
        media.own.put(header.id, finished)


def compare(media: Media, inventory: Inventory, names: Names) -> Missing:
    """What the database names and the copy lacks, but for what was uploaded since the copy began."""
    if not inventory.header.columns:
        return Missing()

    def is_new(key: str) -> bool:
        seen = media.bucket.look(key)
        return seen is not None and seen[0].modified >= inventory.header.started

    return check(media.place.database(), inventory, names=names, is_new=is_new)


def _telling(media: Media, clock: Callable[[], float]) -> Callable[[Counts], None]:
    told = [clock()]

    def seen(counts: Counts) -> None:
        if clock() - told[0] >= OFTEN:
            told[0] = clock()
            media.place.context.output.say(progress(counts))

    return seen


def progress(counts: Counts | Footer) -> str:
    """How far it is, in less than the 80 columns of a log."""
    return f"{counted(counts.objects, 'file')}, {counts.copied} copied ({sized(counts.copied_bytes)})"


def _mark(media: Media, run: str, started: datetime, error: BaseException) -> None:
    """So that `backup status` knows old from failed."""
    said = str(error).partition("\n")[0] or type(error).__name__
    mark = {"id": run, "kind": "media", "started": _text(started), "failed": _text(media.place.now()), "why": said}
    content = json.dumps(mark, indent=1).encode()
    media.place.objects.put(f"failed/{media.environment}/{run}.json", [content], once=True)


def _text(when: datetime) -> str:
    return when.astimezone(UTC).strftime(SECONDS)
