"""What `pg_dump` writes, packed (zstd) and sealed (age) while it comes: constant memory, and no file."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import zstandard

LEVEL = 1  # measured with `python -m bench.backup`: the next one takes longer and saves little
PIECE = 256 << 10
WAITING = 8  # pieces between two of those who work at the same time
LOOK_SECONDS = 0.2


class _StoppedError(Exception):
    """Nobody takes what comes."""


class _Pipe:
    """Between two threads: bounded; what fails on either side ends both."""

    def __init__(self) -> None:
        self._queue: queue.Queue[bytes | BaseException | None] = queue.Queue(WAITING)
        self._stopped = False

    def give(self, item: bytes | BaseException | None) -> None:
        while not self._stopped:
            with suppress(queue.Full):
                self._queue.put(item, timeout=LOOK_SECONDS)
                return
        raise _StoppedError

    def take(self) -> Iterator[bytes]:
        while not self._stopped:
            try:
                item = self._queue.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item
        raise _StoppedError

    def stop(self) -> None:
        self._stopped = True


class _Source:
    """Packed pieces as the file that age reads."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._piece, self._at = pieces, b"", 0
        self.failed: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        if self._at >= len(self._piece):
            try:
                self._piece, self._at = next(self._pieces, b""), 0
            except BaseException as error:
                self.failed = error  # age tells its text alone
                raise
        start = self._at
        self._at = len(self._piece) if size < 0 else min(start + size, len(self._piece))
        return self._piece[start : self._at]


class _Target:
    """The file that age writes, as pieces."""

    def __init__(self, pipe: _Pipe) -> None:
        self._pipe, self._held = pipe, bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        if len(self._held) >= PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._held:
            self._pipe.give(bytes(self._held))
            self._held = bytearray()


class Sealed:
    """A stream to be stored; afterwards it knows how long it was before."""

    def __init__(self, plain: Iterable[bytes], recipients: Sequence[str], *, threads: int = 0) -> None:
        self._plain, self._recipients, self._threads = plain, recipients, threads
        self.plain_size = 0

    def __iter__(self) -> Iterator[bytes]:
        packed, sealed = _Pipe(), _Pipe()
        work = [
            threading.Thread(target=_working, args=(lambda: self._pack(packed), packed), daemon=True),
            threading.Thread(target=_working, args=(lambda: self._seal(packed, sealed), sealed), daemon=True),
        ]
        for one in work:
            one.start()
        try:
            yield from sealed.take()
        finally:
            packed.stop()
            sealed.stop()
            for one in work:
                one.join()

    def _pack(self, pipe: _Pipe) -> None:
        packer = zstandard.ZstdCompressor(level=LEVEL, threads=self._threads, write_checksum=True).compressobj()
        for chunk in self._plain:
            self.plain_size += len(chunk)
            if piece := packer.compress(chunk):
                pipe.give(piece)
        pipe.give(packer.flush())

    def _seal(self, packed: _Pipe, pipe: _Pipe) -> None:
        import pyrage

        source, target = _Source(packed.take()), _Target(pipe)
        to = [pyrage.x25519.Recipient.from_str(one) for one in self._recipients]
        try:
            pyrage.encrypt_io(source, target, to)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised
            packed.stop()
            raise source.failed or error from None
        target.flush()


def _working(work: Callable[[], Any], pipe: _Pipe) -> None:
    """The end of the work, or what ended it, is told to who takes."""
    with suppress(_StoppedError):
        try:
            work()
        except _StoppedError:
            raise
        except BaseException as error:  # noqa: BLE001 - it is raised by who takes
            pipe.give(error)
        else:
            pipe.give(None)
