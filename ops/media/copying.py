"""An incremental copy: what has not changed since the inventory before is not read; the new inventory comes last."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO

from console.errors import ExplainedError
from ops.doors.media_bucket import Bucket, ChangedError, Found, Reading
from ops.doors.media_store import Store
from ops.media import places
from ops.media.entries import Entry
from ops.media.inventory import Footer, Header, Writer
from ops.media.sealing import sealed, sealed_at_once

SMALL = 4 * 1024 * 1024  # bytes: up to here a file is held, and read once; a larger one is read twice
WORKERS = 8
WAITING = 512  # files whose copies are not in the inventory yet
TRIES = 5  # of a file that changes while it is read


@dataclass
class Counts:
    """What a copy has done so far."""

    objects: int = 0
    bytes: int = 0
    copied: int = 0
    copied_bytes: int = 0
    unchanged: int = 0
    gone: int = 0


@dataclass
class Copying:
    """One run: from the bucket into the store."""

    bucket: Bucket
    store: Store
    recipients: Sequence[str]
    environment: str
    workers: int = WORKERS
    counts: Counts = field(default_factory=Counts)
    seen: Callable[[Counts], None] = lambda counts: None

    def __post_init__(self) -> None:
        self._below = places.objects(self.environment, self.recipients)
        self._large = threading.Lock()  # one at a time: its upload has parts side by side

    def run(self, before: Iterator[Entry], writer: Writer) -> None:
        """All files, in the order of their keys, into the inventory."""
        pool = ThreadPoolExecutor(self.workers, "media")
        waiting: deque[Entry | Future[Entry | None]] = deque()
        try:
            for found, known in self._beside(before):
                if known is not None and known.is_of(found, self._below):
                    waiting.append(known)
                else:
                    waiting.append(pool.submit(self._copied, found))
                while len(waiting) >= WAITING or (waiting and _is_there(waiting[0])):
                    self._note(waiting.popleft(), writer)
            while waiting:
                self._note(waiting.popleft(), writer)
            self.store.finish()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _beside(self, before: Iterator[Entry]) -> Iterator[tuple[Found, Entry | None]]:
        """Each file with what was known of its key; both lists are in the same order."""
        known = next(before, None)
        for found in self.bucket.list():
            while known is not None and known.key < found.key:
                self.counts.gone += 1
                known = next(before, None)
            if known is not None and known.key == found.key:
                yield found, known
                known = next(before, None)
            else:
                yield found, None
        self.counts.gone += (known is not None) + sum(1 for _ in before)

    def _note(self, done: Entry | Future[Entry | None], writer: Writer) -> None:
        entry = done if isinstance(done, Entry) else done.result()
        if entry is None:  # it was deleted meanwhile
            return
        writer.add(entry)
        self.counts.objects += 1
        self.counts.bytes += entry.size
        if isinstance(done, Entry):
            self.counts.unchanged += 1
        else:
            self.counts.copied += 1
            self.counts.copied_bytes += entry.size
        self.seen(self.counts)

    def _copied(self, found: Found) -> Entry | None:
        """As it is now: one that changes while it is read is read again."""
        for _ in range(TRIES):
            try:
                return self._kept(found)
            except ChangedError:
                now = self.bucket.look(found.key)
                if now is None:
                    return None
                found = now[0]
        raise ExplainedError(f"cannot copy {found.key}", f"it changed {TRIES} times while it was read")

    def _kept(self, found: Found) -> Entry:
        if found.size > SMALL:
            with self._large:
                return self._streamed(found)
        reading = self.bucket.read(found)
        content = b"".join(reading.chunks)
        _whole(found, len(content))
        digest = hashlib.sha256(content).hexdigest()
        place = places.of_content(self._below, digest)
        stored = self.store.put(place, iter([sealed_at_once(content, self.recipients)]))
        return _entry(found, reading, digest, place, stored)

    def _streamed(self, found: Found) -> Entry:
        reading = self.bucket.read(found)
        digest = _digest(found, reading.chunks)
        place = places.of_content(self._below, digest)
        stored = self.store.size(place) or self._again(found, digest, place)
        return _entry(found, reading, digest, place, stored)

    def _again(self, found: Found, digest: str, place: str) -> int:
        """The same bytes once more, now that it is known where they belong."""
        chunks = _same(found, self.bucket.read(found).chunks, digest)
        return self.store.put(place, sealed(chunks, self.recipients))


def copy(copying: Copying, header: Header, before: Iterator[Entry], end: Callable[[Counts], Footer]) -> IO[bytes]:
    """Copy, and give the finished inventory; whatever fails leaves none."""
    writer = Writer(header)
    try:
        copying.run(before, writer)
        return writer.finish(end(copying.counts))
    except BaseException:
        writer.close()
        raise


def _entry(found: Found, reading: Reading, digest: str, place: str, stored: int) -> Entry:
    headers = dict(reading.headers)
    return Entry(found.key, found.size, found.etag, found.modified, reading.version, digest, place, stored, headers)


def _is_there(one: Entry | Future[Entry | None]) -> bool:
    return isinstance(one, Entry) or one.done()


def _digest(found: Found, chunks: Iterator[bytes]) -> str:
    seen, size = hashlib.sha256(), 0
    for chunk in chunks:
        seen.update(chunk)
        size += len(chunk)
    _whole(found, size)
    return seen.hexdigest()


def _same(found: Found, chunks: Iterator[bytes], digest: str) -> Iterator[bytes]:
    """An error before the end where it is not what was read before: nothing of it is stored then."""
    seen = hashlib.sha256()
    for chunk in chunks:
        seen.update(chunk)
        yield chunk
    if seen.hexdigest() != digest:
        raise ExplainedError(f"cannot copy {found.key}", "it was read twice, and was not the same")


def _whole(found: Found, size: int) -> None:
    if size != found.size:
        raise ExplainedError(f"cannot copy {found.key}", f"{size} bytes came of {found.size}")
