"""A bucket in memory with backups of staging, and what a command needs around it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pyrage

from console.output import Output
from infra.load import from_file
from ops.backups.manifest import Manifest, Part, Retention, Tools, key, new_id
from ops.backups.place import Place
from ops.backups.sealing import Sealed
from ops.context import Context
from ops.doors.cloud import Cloud
from ops.doors.leftovers import Unfinished
from tests.support.fake_objects import MemoryObjects

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PLAIN = bytes(range(256)) * 3000
OWN = pyrage.x25519.Identity.generate()


@dataclass
class Uploads:
    """What `ops.doors.leftovers` says and does."""

    there: list[Unfinished] = field(default_factory=list)
    locks: dict[str, datetime] = field(default_factory=dict)

    def uploads(self, prefix: str) -> Iterator[Unfinished]:
        """Those under keys that begin so."""
        return iter([one for one in self.there if one.key.startswith(prefix)])

    def give_up(self, one: Unfinished) -> None:
        """Forget it."""
        self.there.remove(one)

    def locked_until(self, key: str) -> datetime | None:
        """As it was set."""
        return self.locks.get(key)


@dataclass
class Scene:
    """Of one test."""

    objects: MemoryObjects = field(default_factory=MemoryObjects)
    leftovers: Uploads = field(default_factory=Uploads)
    recipients: tuple[str, ...] = ()
    alarms: dict[str, str] = field(default_factory=dict)
    talk: StringIO = field(default_factory=StringIO)

    @property
    def place(self) -> Place:
        """Of staging."""
        stack = from_file("staging")
        stack = stack.model_copy(update={"backups": stack.backups.model_copy(update={"recipients": self.recipients})})
        context = Context(output=Output(stderr=self.talk))
        cloud = Cloud({}, is_local=True)
        return Place(context, cloud, stack, lambda service: self, self.objects, lambda: NOW)

    def describe_alarms(self, **asked: Any) -> dict[str, Any]:
        """As CloudWatch does."""
        states = {name: self.alarms[name] for name in asked["AlarmNames"] if name in self.alarms}
        return {"MetricAlarms": [{"AlarmName": name, "StateValue": state} for name, state in states.items()]}

    def store(self, name: str, content: bytes, before: timedelta) -> None:
        """An object that was stored so long ago."""
        self.objects.put(name, [content])
        self.objects.modified[name] = NOW - before

    def backup(self, before: timedelta, retention: Retention = "daily", suffix: str = "0a1b2c") -> Manifest:
        """A whole one that was begun and finished so long ago."""
        name = new_id(NOW - before, suffix)
        sealed = Sealed([PLAIN], [str(OWN.to_public())])
        stored = b"".join(sealed)
        part = Part(
            name="archive", key=key(retention, "staging", name, "archive"), kind="archive", size=len(stored),
            sha256=hashlib.sha256(stored).hexdigest(), plain_size=len(PLAIN),
        )  # fmt: skip
        manifest = Manifest(
            id=name, environment="staging", database="cams", retention=retention, started=NOW - before,
            finished=NOW - before, seconds=0, server_version="18.1", server_version_num=180001,
            tools=Tools(pg_dump="18.1", slipway="0"), encoding="UTF8", collate="C", ctype="C", locale_provider="libc",
            mode="single", why_mode="it is small", parts=(part,), recipients=(str(OWN.to_public()),),
            contents={"tables": {"public.one": {"kind": "table", "rows": 1, "hash": "0" * 32}}},
        )  # fmt: skip
        self.store(part.key, stored, before)
        self.store(manifest.key, manifest.stored(), before)
        return manifest
