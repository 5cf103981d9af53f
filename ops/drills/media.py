"""Media in a drill: every file that the restored database names is in the copy, and the copy has its bytes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import islice

from console.errors import ExplainedError
from console.output import counted
from ops.backups.place import Place
from ops.media import kept
from ops.media.backing_up import Media, of
from ops.media.inventory import Inventory
from ops.media.named import Names, check, declared
from ops.migrations.look import application


def looked_at(place: Place, snapshot: datetime, url: str, names: Names) -> tuple[list[str], list[str]]:
    """What is wrong, and what was looked at: by the first copy since the snapshot, else the newest."""
    media = of(place, "")
    try:
        runs = media.own.runs()
        if not runs:
            return _without_a_copy(place, url, names)
        run = media.own.after(snapshot) or runs[-1]
        inventory = media.own.get(run)
        try:
            before = runs[runs.index(run) - 1] if run != runs[0] else ""
            found = check(url, inventory, names=names, is_new=_elsewhere(media, inventory, before))
            lost = _lost(media, inventory)
        finally:
            inventory.close()
    finally:
        media.close()
    note = f"{counted(found.checked, 'file')} that it names, in the copy {run} of {inventory.footer.objects} files"
    return [*found.sentences(), *lost], [note]


def _without_a_copy(place: Place, url: str, names: Names) -> tuple[list[str], list[str]]:
    columns = declared(application(place.context, place.stack))
    named = sum(1 for one in columns for _ in islice(names(url, one.table, one.column), 1))
    if not named:
        return [], ["there is no copy of media, and the database names no file"]
    return ["the database names files, and there is no copy of media"], []


def _elsewhere(media: Media, inventory: Inventory, before: str) -> Callable[[str], bool]:
    """Whether a file is younger than the copy, or was deleted since: then the copy before has it, and its bytes."""
    older: list[frozenset[str]] = []

    def elsewhere(key: str) -> bool:
        if before and not older:
            one = media.own.get(before)
            try:
                older.append(frozenset(entry.key for entry in one.entries()))
            finally:
                one.close()
        if older and key in older[0]:
            return True
        seen = media.bucket.look(key)
        return seen is not None and seen[0].modified >= inventory.header.started

    return elsewhere


def _lost(media: Media, inventory: Inventory) -> list[str]:
    if media.target.shown != inventory.header.target:
        raise ExplainedError("cannot look into the copy", f"it is at {inventory.header.target}")
    keys = list(kept.lost(media.store, inventory.entries(), f"{media.environment}/objects/"))
    return [f"the copy has lost {counted(len(keys), 'file')}, such as {keys[0]}"] if keys else []
