"""One of our backups into an empty database, straight from the bucket: parts side by side, nothing on the disk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, Protocol

from console.errors import ExplainedError
from ops.backups.manifest import Manifest, Part
from ops.backups.opened import Progress, opened
from ops.doors.objects import Objects
from ops.doors.postgres_restore import LoadError, Restorer
from ops.doors.postgres_streams import Streams
from ops.restores import rights
from ops.restores.private import unnamed
from ops.restores.unwrap import damaged, peeked

LARGE_BYTES = 64 << 20  # of a part, before its rows are worth several connections
FIRST_BYTES, MOST_BYTES = 1 << 20, 256 << 20  # of an archive, in which its table of contents is looked for
TABLE = re.compile(r"^\d+; \d+ \d+ TABLE DATA (.+)$", re.MULTILINE)
OTHER = re.compile(r"^\d+; \d+ \d+ (?!TABLE DATA |SEQUENCE SET )", re.MULTILINE)
ONE_STEP = ("--data-only", "--single-transaction")
TABLES = (
    "SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema'"
)
Rows = Callable[..., list[tuple[Any, ...]]]


class Marks(Protocol):
    """What is loaded already; kept at the database, for whoever goes on after a kill."""

    def has(self, step: str) -> bool: ...
    def add(self, step: str) -> None: ...


@dataclass
class Fresh:
    """Of a restore that nobody would go on with."""

    done: set[str] = field(default_factory=set)

    def has(self, step: str) -> bool:
        return step in self.done

    def add(self, step: str) -> None:
        self.done.add(step)


@dataclass(frozen=True)
class Target:
    """An empty database, or one in which the same restore was begun."""

    url: str
    server: int
    """Its major version."""
    roles: frozenset[str]
    superuser: bool = True
    rows: Rows | None = None


@dataclass(frozen=True)
class Load:
    """One backup on its way."""

    manifest: Manifest
    objects: Objects
    identities: Sequence[Any]
    restorer: Restorer
    target: Target
    jobs: int = 2
    progress: Progress = lambda size: None
    say: Callable[[str], None] = lambda text: None
    marks: Marks = field(default_factory=Fresh)
    begin: Callable[[], None] = lambda: None
    """Called once the first part is known to open and to be whole, before anything is loaded."""
    loaded: Callable[[], None] = lambda: None
    """Called once all rows are there, before indexes are built; not where both are one step."""

    def run(self) -> None:
        """All of it; what is half done is to be thrown away, or gone on with by its marks."""
        if self.manifest.mode == "single":
            self._whole(self.manifest.parts[0])
        else:
            self._parts()

    def _whole(self, part: Part) -> None:
        head, listing, chunks = contents(self.restorer, self._opened(part))
        schema = self.restorer.schema(head)
        self.begin()
        with words(schema, listing, self.target, self.say) as told:
            self._load(told, chunks)

    def _parts(self) -> None:
        schema = next(part for part in self.manifest.parts if part.kind == "schema")
        with ExitStack() as stack:
            archive = stack.enter_context(unnamed(self._opened(schema)))
            definitions, listing = self.restorer.schema(archive), self.restorer.listing(archive)
            told = stack.enter_context(words(definitions, listing, self.target, self.say))
            self.begin()
            if not self.marks.has("definitions"):
                self._load([*told, "--section=pre-data"], archive)
                self.marks.add("definitions")
            self._data([part for part in self.manifest.parts if part.kind == "data"])
            self.marks.add("indexes")
            self.loaded()
            self.say("indexes, constraints, views")
            self._load([*told, "--section=post-data", f"--jobs={self.jobs}"], archive)

    def _data(self, parts: list[Part]) -> None:
        """The largest first, what outlasts all others over several connections; the first that fails ends all."""
        failed, lock = Event(), Lock()
        long = max(sum(part.plain_size for part in parts) // self.jobs, LARGE_BYTES)

        def one(part: Part) -> None:
            if failed.is_set():
                return
            try:
                self._part(part, failed, lock, streams=self.jobs if part.plain_size > long else 1)
            except BaseException:
                failed.set()
                raise

        ordered = sorted(parts, key=lambda part: part.plain_size, reverse=True)
        with ThreadPoolExecutor(self.jobs) as pool:
            waiting = [pool.submit(one, part) for part in ordered]
            try:
                for future in waiting:
                    future.result()
            except BaseException:
                failed.set()
                raise

    def _part(self, part: Part, failed: Event, lock: Lock, *, streams: int = 1) -> None:
        if self.marks.has(part.name):
            self.progress(part.size)
            return
        half, chunks, listing = f"{part.name} in streams", self._opened(part), ""
        begun, resumed = self.marks.has(half), bool(self.target.rows) and self.marks.has("resumed")
        if begun or resumed or streams > 1:
            _, listing, chunks = contents(self.restorer, chunks)
        if begun or (streams > 1 and len(TABLE.findall(listing)) == 1 and not OTHER.search(listing)):
            if not begun:  # it is not one step: whoever goes on with it empties the table before
                with lock:
                    self.marks.add(half)
            with self._explained():
                table = Streams(self.restorer.folder, self.target.url, streams, anew=begun)
                table.load(_until(chunks, failed))
        elif resumed and self._is_there(listing):  # killed between its end and its mark
            chunks.close()
        else:
            self._load(ONE_STEP, _until(chunks, failed))
        with lock:
            self.marks.add(part.name)

    def _is_there(self, listing: str) -> bool:
        """Each part is loaded in one transaction: a row of it says that all are there."""
        assert self.target.rows is not None  # noqa: S101 - looked at before
        held = TABLE.findall(listing)
        for schema, name in self.target.rows(self.target.url, TABLES):
            query = f"SELECT EXISTS (SELECT FROM ONLY {_quoted(schema)}.{_quoted(name)})"  # noqa: S608 - quoted
            if (
                any(line.startswith(f"{schema} {name} ") for line in held)
                and (self.target.rows(self.target.url, query)[0][0])
            ):
                return True
        return False  # large objects and sequences may be written again

    def _opened(self, part: Part) -> Any:
        return opened(self.objects, part, self.identities, self.progress)

    def _load(self, words: Sequence[str], source: Any) -> None:
        with self._explained():
            self.restorer.load(self.target.url, self.target.server, words, source)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except LoadError as error:
            raise ExplainedError(f"cannot restore {self.manifest.id}", str(error)) from error


@contextmanager
def words(schema: str, listing: str, target: Target, say: Callable[[str], None]) -> Iterator[list[str]]:
    """What pg_restore is told of rights and of what only a superuser may do, while it works."""
    told = []
    if lacking := rights.missing(schema, target.roles):
        say(f"grants are left out, as these roles are not there: {', '.join(sorted(lacking))}")
        told.append("--no-privileges")
    if target.superuser or not rights.COMMENT.search(listing):
        yield told
        return
    with unnamed([rights.used_list(listing).encode()]) as chosen:
        yield [*told, f"--use-list={chosen}"]


def contents(restorer: Restorer, chunks: Iterator[bytes]) -> tuple[bytes, str, Any]:
    """The beginning of an archive, what it holds by its table of contents, and all of it."""
    size = FIRST_BYTES
    head, rest = peeked(chunks, size)
    while not (listing := restorer.listing(head)):
        if len(head) < size or size >= MOST_BYTES:
            raise damaged("it is cut off, or damaged: pg_restore cannot read what it holds")
        size *= 4
        head, rest = peeked(rest, size)
    return head, listing, rest


def _until(chunks: Iterator[bytes], failed: Event) -> Iterator[bytes]:
    for chunk in chunks:
        if failed.is_set():
            raise ExplainedError("cannot restore", "another part of it has failed")
        yield chunk


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
