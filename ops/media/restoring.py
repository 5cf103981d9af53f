"""`restore media`: what is missing or another than in the copy is put back; nothing is ever taken away."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import IO, Any, Literal, Protocol

from console.errors import ExplainedError
from ops.doors.media_bucket import SHA256, Bucket, ChangedError, Found
from ops.doors.media_store import Store
from ops.media.entries import Entry
from ops.media.inventory import Spool
from ops.media.sealing import opened

WORKERS = 8
WAITING = 64
SMALL = 4 * 1024 * 1024  # bytes: a larger one goes alone
EXAMPLES = 100

Why = Literal["missing", "different"]


class Where(Protocol):
    """Where files are put back."""

    @property
    def shown(self) -> str:
        """For people."""

    def judged(self, entries: Iterator[Entry]) -> Iterator[tuple[Entry, Why | None]]:
        """Each with why it would be put back; None where it is there as it was."""

    def put(self, entry: Entry, chunks: Iterator[bytes]) -> None:
        """Whole, or not at all."""


@dataclass
class Plan:
    """What would be put back, held outside of memory."""

    counts: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    examples: list[tuple[Why, str]] = field(default_factory=list)
    _spool: IO[str] = field(default_factory=lambda: io.TextIOWrapper(Spool(), "utf-8"))

    def add(self, why: Why, entry: Entry) -> None:
        """One more."""
        self.bytes += entry.size
        if len(self.examples) < EXAMPLES:
            self.examples.append((why, entry.key))
        self._spool.write(json.dumps([why, asdict(entry)]) + "\n")

    @property
    def files(self) -> int:
        return self.counts["missing"] + self.counts["different"]

    def all(self) -> Iterator[tuple[Why, Entry]]:
        """Each with why."""
        self._spool.seek(0)
        for line in self._spool:
            why, entry = json.loads(line)
            yield why, Entry(**entry)

    def close(self) -> None:
        """Forget it."""
        self._spool.close()


@dataclass
class Restored:
    """What became of it."""

    files: int = 0
    bytes: int = 0
    failures: int = 0
    failed: list[str] = field(default_factory=list)  # the first of them, with why


def plan(entries: Iterator[Entry], where: Where, *, only_missing: bool = False) -> Plan:
    """Look; change nothing."""
    found = Plan()
    for entry, why in where.judged(entries):
        if why == "different" and only_missing:
            found.counts["left"] += 1
        elif why is None:
            found.counts["same"] += 1
        else:
            found.counts[why] += 1
            found.add(why, entry)
    return found


def carry_out(
    found: Plan,
    where: Where,
    store: Store,
    identities: Sequence[Any],
    seen: Callable[[Restored], None] = lambda done: None,
) -> Restored:
    """All of it. A file that fails does not keep the others from coming back."""
    done, waiting = Restored(), list[tuple[Entry, Future[None]]]()

    def note() -> None:
        entry, result = waiting.pop(0)
        try:
            result.result()
        except (ExplainedError, OSError) as error:
            done.failures += 1
            if len(done.failed) < EXAMPLES:
                done.failed.append(f"{entry.key}: {str(error).partition(chr(10))[0]}")
        else:
            done.files += 1
            done.bytes += entry.size
            seen(done)

    with ThreadPoolExecutor(WORKERS, "media") as pool:
        for _, entry in found.all():
            if entry.size > SMALL:
                while waiting:
                    note()
            waiting.append((entry, pool.submit(_one, entry, where, store, identities)))
            while len(waiting) >= WAITING or (waiting and entry.size > SMALL):
                note()
        while waiting:
            note()
    return done


def _one(entry: Entry, where: Where, store: Store, identities: Sequence[Any]) -> None:
    chunks = verified(entry, opened(store.read(entry.place), identities))
    if entry.size <= SMALL:
        chunks = iter([b"".join(chunks)])
    where.put(entry, chunks)


def verified(entry: Entry, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes that were copied: others are an error before the last of them is given."""
    seen, size, held = hashlib.sha256(), 0, b""
    for chunk in chunks:
        if held:
            yield held
        held = chunk
        seen.update(chunk)
        size += len(chunk)
    if seen.hexdigest() != entry.sha256 or size != entry.size:
        raise ExplainedError(f"cannot restore {entry.key}", "the copy of it is not what its inventory says")
    if held:
        yield held


@dataclass
class IntoBucket:
    """The media bucket, or another one."""

    bucket: Bucket

    @property
    def shown(self) -> str:
        return f"s3://{self.bucket.name}"

    def judged(self, entries: Iterator[Entry]) -> Iterator[tuple[Entry, Why | None]]:
        """Both are in the order of their keys."""
        there = self.bucket.list()
        one = next(there, None)
        for entry in entries:
            while one is not None and one.key < entry.key:
                one = next(there, None)
            if one is None or one.key != entry.key:
                yield entry, "missing"
            else:
                yield entry, None if self._is_same(entry, one) else "different"

    def put(self, entry: Entry, chunks: Iterator[bytes]) -> None:
        """With what browsers are told of it, and its hash, by which the next restore knows it."""
        metadata = {**entry.headers.get("Metadata", {}), SHA256: entry.sha256}
        self.bucket.put(entry.key, chunks, {**entry.headers, "Metadata": metadata})

    def _is_same(self, entry: Entry, found: Found) -> bool:
        if found.size != entry.size:
            return False
        if found.etag == entry.etag:
            return True
        now = self.bucket.look(found.key)
        if now is None:
            return False
        if known := now[1].get("Metadata", {}).get(SHA256):
            return bool(known == entry.sha256)
        seen = hashlib.sha256()
        try:
            for chunk in self.bucket.read(now[0]).chunks:
                seen.update(chunk)
        except ChangedError:
            return False
        return seen.hexdigest() == entry.sha256
