"""The backups that a bucket holds: what has a manifest is one, and nothing else is (docs/adr/0064)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from console.errors import WRONG_USE, ExplainedError
from console.output import Say
from ops.backups.manifest import FILE, RETENTIONS, Manifest, Retention, is_id, parse
from ops.doors.objects import Objects

LATEST = "latest"


@dataclass(frozen=True)
class Kept:
    """One backup, as a list of the bucket tells of it."""

    id: str
    retention: Retention
    environment: str
    modified: datetime
    """When its manifest was stored: since then it is a backup."""
    objects: Mapping[str, int]
    """The sizes of all that lies with it, by their keys."""

    @property
    def key(self) -> str:
        """Where it lies: all its keys begin so."""
        return f"{self.retention}/{self.environment}/{self.id}"

    @property
    def started(self) -> datetime:
        return time_of(self.id)

    @property
    def size(self) -> int:
        """Bytes in the bucket."""
        return sum(self.objects.values())


class Store:
    """Of one environment."""

    def __init__(self, objects: Objects, environment: str, say: Say = lambda message: None) -> None:
        self._objects, self._environment, self._say = objects, environment, say

    def backups(self) -> list[Kept]:
        """Newest first."""
        found = [one for retention in RETENTIONS for one in self._of(retention)]
        return sorted(found, key=lambda one: one.id, reverse=True)

    def manifest(self, kept: Kept) -> Manifest:
        """What it says of itself, held against what lies there."""
        key = f"{kept.key}/{FILE}"
        manifest = parse(self._objects.get(key), f"s3://{self._objects.name}/{key}")
        if (manifest.id, manifest.environment) != (kept.id, kept.environment):
            raise _bad(kept, f"its manifest is that of {manifest.id} of {manifest.environment}")
        for part in manifest.parts:
            if not part.key.startswith(f"{kept.key}/"):
                raise _bad(kept, f"its manifest names {part.key}, which lies elsewhere")
            if (size := kept.objects.get(part.key)) != part.size:
                there = "is gone" if size is None else f"has {size} bytes, and {part.size} were stored"
                raise _bad(kept, f"{part.key} {there}")
        return manifest

    def newest(self) -> tuple[Kept, Manifest]:
        """The newest good one; what is wrong with those that are newer is said."""
        for kept in self.backups():
            try:
                return kept, self.manifest(kept)
            except ExplainedError as error:
                self._say(f"{str(error).partition(chr(10))[0]}; the one before is looked at")
        raise ExplainedError(
            f"{self._environment} has no backup",
            f"nothing in s3://{self._objects.name} has a manifest that can be read",
            hint=f"./slipway backup create {self._environment}",
        )

    def find(self, which: str) -> tuple[Kept, Manifest]:
        """By `latest`, an id, or the beginning of one."""
        if which == LATEST:
            return self.newest()
        found = [one for one in self.backups() if one.id.startswith(which)]
        if len(found) != 1:
            why = f"{len(found)} begin so" if found else "there is none of that name"
            raise ExplainedError(
                f"cannot tell which backup {which} is" if found else f"no backup {which} of {self._environment}",
                why,
                hint=f"./slipway backup list {self._environment}",
                code=WRONG_USE,
            )
        return found[0], self.manifest(found[0])

    def _of(self, retention: Retention) -> list[Kept]:
        prefix = f"{retention}/{self._environment}/"
        sizes: dict[str, dict[str, int]] = {}
        finished: dict[str, datetime] = {}
        for entry in self._objects.list(prefix):
            name, _, file = entry.key.removeprefix(prefix).partition("/")
            if not is_id(name):
                continue
            sizes.setdefault(name, {})[entry.key] = entry.size
            if file == FILE:
                finished[name] = entry.modified
        return [Kept(name, retention, self._environment, when, sizes[name]) for name, when in finished.items()]


def retention_of(now: datetime, kept: Iterable[Kept]) -> Retention:
    """The class of one that is made now: the first of a month is kept longest, then the first of a week."""
    there = [(one.retention, one.started) for one in kept]
    if not any(name == "monthly" and (at.year, at.month) == (now.year, now.month) for name, at in there):
        return "monthly"
    week = now.isocalendar()[:2]
    if not any(name != "daily" and at.isocalendar()[:2] == week for name, at in there):
        return "weekly"
    return "daily"


def time_of(backup: str) -> datetime:
    """When it was begun: its id says so."""
    return datetime.strptime(backup.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _bad(kept: Kept, why: str) -> ExplainedError:
    return ExplainedError(f"backup {kept.id} is not whole", why, hint=f"./slipway backup list {kept.environment}")
