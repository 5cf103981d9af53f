"""A database that is backed up into a bucket in memory, and whoever hears of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pyrage
import zstandard

from console.output import Output
from ops.backups import keys
from ops.backups.place import Place
from ops.context import Context, Doors
from ops.doors.cloud import JOB, Cloud
from ops.doors.postgres_dump import Facts
from ops.doors.postgres_snapshot import Held, Relation
from ops.environments.stacks import load
from tests.support.fake_objects import MemoryObjects

IDENTITY, RECIPIENT = keys.generate()
NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
CONTENTS = {"tables": {"public.exam": {"kind": "table", "rows": 3, "hash": "0" * 32}}}


def relation(name: str, size: int, kind: str = "table", schema: str = "public") -> Relation:
    """A table of that size."""
    return Relation(abs(hash((schema, name))), schema, name, kind, True, 1, size, True, "", ("id",))


@dataclass
class FakeDatabase:
    """Dumps a sentence for each part; `breaks_at` is the word of a part at which the dump fails."""

    relations: tuple[Relation, ...] = (relation("exam", 8192),)
    num: int = 160014
    breaks_at: str = ""
    broken_contents: BaseException | None = None
    dumped: list[tuple[str, ...]] = field(default_factory=list)
    held: bool = False

    def facts(self) -> Facts:
        """Version 16 or another one."""
        return Facts("cams_staging", f"{self.num // 10_000}.14", self.num, "UTF8", "C", "C", "libc")

    def program(self, major: int) -> str:
        """As new as the server."""
        return f"{major}.14"

    @contextmanager
    def hold(self) -> Iterator[Held]:
        """A moment."""
        self.held = True
        yield Held("00000003-1", self.relations)
        self.held = False

    def contents(self, held: Held, jobs: int) -> dict[str, Any]:
        """The same for all."""
        if self.broken_contents:
            raise self.broken_contents
        return CONTENTS

    @contextmanager
    def dump(self, held: Held, words: Sequence[str]) -> Iterator[Iterator[bytes]]:
        """A stream that may end in an error."""
        assert self.held, "the snapshot is gone"
        self.dumped.append(tuple(words))
        yield self._stream(words)

    def end(self) -> None:
        """Nothing waits here."""

    def _stream(self, words: Sequence[str]) -> Iterator[bytes]:
        yield f"dump of {' '.join(words)} ".encode() * 5000
        if self.breaks_at and (self.breaks_at == "*" or self.breaks_at in words):
            raise RuntimeError("pg_dump ended")


@dataclass
class Watch:
    """CloudWatch, as far as it is told."""

    told: list[tuple[str, float]] = field(default_factory=list)

    def put_metric_data(self, *, Namespace: str, MetricData: list[dict[str, Any]]) -> None:  # noqa: N803 - AWS's own names
        """One at a time."""
        self.told += [(one["MetricName"], one["Value"]) for one in MetricData]


@dataclass
class Scene:
    """A place whose doors lead to fakes."""

    database: FakeDatabase = field(default_factory=FakeDatabase)
    objects: MemoryObjects = field(default_factory=MemoryObjects)
    watch: Watch = field(default_factory=Watch)
    said: StringIO = field(default_factory=StringIO)
    printed: StringIO = field(default_factory=StringIO)
    variables: dict[str, str] = field(
        default_factory=lambda: {JOB: "backup", "DATABASE_URL": "postgresql://db", "BACKUP_RECIPIENTS": RECIPIENT}
    )
    services: dict[str, Any] = field(default_factory=dict)
    now: Callable[[], datetime] = lambda: NOW

    @property
    def context(self) -> Context:
        """What a command is given."""
        cloud = Cloud(self.variables, is_local=True)
        doors = Doors(
            choose=lambda **_: cloud,
            aws=lambda cloud, region: self.client,
            objects=lambda clients, name: self.objects,
            database=lambda url: self.database,
        )
        return Context(doors=doors, output=Output(self.printed, self.said))

    @property
    def place(self) -> Place:
        """Of staging."""
        return Place(
            self.context, Cloud(self.variables, is_local=True), load("staging"), self.client, self.objects, self.now
        )

    def client(self, service: str) -> Any:
        """CloudWatch and whatever else a test has given."""
        return {"cloudwatch": self.watch, **self.services}[service]

    def opened(self, key: str) -> bytes:
        """What was dumped, by hand: age, then zstd."""
        identity = pyrage.x25519.Identity.from_str(IDENTITY)
        packed = pyrage.decrypt(self.objects.stored[key], [identity])
        return bytes(zstandard.ZstdDecompressor().decompressobj().decompress(packed))
