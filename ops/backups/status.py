"""How an environment's backups stand: fresh, old, failed, or none; who can open them, and what the alarms say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.errors import ExplainedError
from ops.backups import schedule
from ops.backups.manifest import is_id
from ops.backups.partial import partials
from ops.backups.place import Place
from ops.backups.store import Kept, Store
from ops.doors.leftovers import Leftovers, alarms
from ops.drills.store import Reports

FRESH, OLD, FAILED, NONE = "fresh", "old", "failed", "none"
AT_WORK = timedelta(hours=6)  # since something of it was stored last
ALARMS = ("no-backup", "no-media-backup", "drill-failed")


@dataclass(frozen=True)
class Failure:
    """The mark that a backup has left which did not come to its end."""

    id: str
    failed: datetime
    why: str


@dataclass(frozen=True)
class Status:
    """Of one environment."""

    verdict: str
    newest: Kept | None
    age: timedelta | None
    limit: timedelta
    failure: Failure | None
    """The last one, where no good one came after it."""
    running: tuple[str, ...]
    following: datetime | None
    recovery_keys: Mapping[str, datetime | None]
    """Their recipients, and when a drill last opened a backup with that key."""
    alarms: Mapping[str, str] | None

    @property
    def is_fresh(self) -> bool:
        return self.verdict == FRESH

    @property
    def warnings(self) -> list[str]:
        """What is not wrong yet."""
        told = []
        if not self.recovery_keys:
            told.append("no recovery key is named: whoever loses the vault loses all backups")
        for one, opened in self.recovery_keys.items():
            if opened is None:
                told.append(f"recovery key {one} never opened a backup in a drill: ./slipway drill ENV --key FILE")
        if self.failure and self.is_fresh:
            told.append(f"the last try, {self.failure.id}, failed: {self.failure.why}")
        return told


def status(place: Place, leftovers: Leftovers) -> Status:
    """Read from the bucket: nobody has to be asked who was there."""
    store = Store(place.objects, place.environment, place.context.output.say)
    now, newest = place.now(), _newest(store)
    limit = timedelta(hours=place.stack.alarms.backup_after_hours)
    age = now - newest.modified if newest else None
    failure = _failure(place, newest)
    if age is not None and age <= limit:
        verdict = FRESH
    elif failure:
        verdict = FAILED
    else:
        verdict = OLD if newest else NONE
    names = [place.stack.names.alarm(what) for what in ALARMS]
    return Status(
        verdict=verdict,
        newest=newest,
        age=age,
        limit=limit,
        failure=failure,
        running=_running(place, leftovers, now),
        following=schedule.after(place.stack.backups.schedule, now),
        recovery_keys=_opened(place),
        alarms=alarms(place.clients, names),
    )


def _newest(store: Store) -> Kept | None:
    return store.newest()[0] if store.backups() else None


def _failure(place: Place, newest: Kept | None) -> Failure | None:
    prefix = f"failed/{place.environment}/"
    marks = [one.key for one in place.objects.list(prefix) if is_id(one.key.removeprefix(prefix).partition(".")[0])]
    if not marks or (newest and marks[-1].removeprefix(prefix) < newest.id):
        return None
    try:
        mark = json.loads(place.objects.get(marks[-1]))
        return Failure(mark["id"], datetime.fromisoformat(mark["failed"]), mark["why"])
    except (ValueError, KeyError) as error:
        raise ExplainedError(f"cannot read {marks[-1]}", str(error) or type(error).__name__) from error


def _running(place: Place, leftovers: Leftovers, now: datetime) -> tuple[str, ...]:
    prefix = f"failed/{place.environment}/"
    ended = {one.key.removeprefix(prefix).partition(".")[0] for one in place.objects.list(prefix)}
    there = partials(place.objects, leftovers, place.environment)
    return tuple(one.id for one in there if one.id not in ended and now - one.moved < AT_WORK)


def _opened(place: Place) -> dict[str, datetime | None]:
    named = place.stack.backups.recipients
    opened = Reports(place.objects, place.environment).last_opened(*named) if named else {}
    return {one: opened.get(one) for one in named}
