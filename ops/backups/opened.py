"""A stored part of a backup, opened as it is read: its checksum held, its seal and its packing taken off."""

from __future__ import annotations

import hashlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import zstandard

from console.errors import ExplainedError
from ops.backups.manifest import Part
from ops.doors.objects import Objects

PIECE = 256 << 10
WAITING = 16  # pieces between who decrypts and who unpacks
LOOK_SECONDS = 0.2

Progress = Callable[[int], None]
"""Told how many stored bytes more were read."""


class DamagedError(ExplainedError):
    """What is stored is not what was."""


class WrongKeyError(ExplainedError):
    """The key does not open it."""


class _EndedError(Exception):
    """Nobody reads on."""


def opened(
    objects: Objects, part: Part, identities: Sequence[Any], progress: Progress = lambda size: None
) -> Iterator[bytes]:
    """What `pg_dump` wrote; an error, before its end, where it is not the very same."""
    source = _Stored(objects, part, progress)
    sink = _Pieces()
    thread = threading.Thread(target=_decrypt, args=(source, sink, identities, part), daemon=True)
    thread.start()
    plain, size = hashlib.sha256(), 0
    unpacker = zstandard.ZstdDecompressor().decompressobj()
    try:
        for piece in sink.taken():
            try:
                chunk = unpacker.decompress(piece)
            except zstandard.ZstdError as error:
                raise _damaged(part, f"it cannot be unpacked ({error})") from error
            if chunk:
                size += len(chunk)
                if part.plain_sha256:
                    plain.update(chunk)
                yield chunk
        if size != part.plain_size:
            raise _damaged(part, f"it holds {size} bytes, and {part.plain_size} were written")
        if part.plain_sha256 and plain.hexdigest() != part.plain_sha256:
            raise _damaged(part, "what it holds has another SHA-256 than what was written")
    finally:
        sink.end()
        thread.join()


def unopened(objects: Objects, part: Part, progress: Progress = lambda size: None) -> None:
    """An error where the stored bytes are not as many, or not the same, as the manifest says; no key is needed."""
    _Stored(objects, part, progress).verify()


class _Stored:
    """The object, as a file that is read from its beginning to its end."""

    def __init__(self, objects: Objects, part: Part, progress: Progress) -> None:
        self._chunks = objects.read(part.key)
        self._part, self._progress = part, progress
        self._hash, self._size, self._buffer, self._at = hashlib.sha256(), 0, memoryview(b""), 0
        self.failed: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            return self._read(size)
        except BaseException as error:
            self.failed = error  # the decrypter tells its text alone
            raise

    def _read(self, size: int) -> bytes:
        if self._at == len(self._buffer):
            chunk = next(self._chunks, b"")
            self._hash.update(chunk)
            self._size += len(chunk)
            self._progress(len(chunk))
            self._buffer, self._at = memoryview(chunk), 0
        end = len(self._buffer) if size < 0 else min(len(self._buffer), self._at + size)
        piece, self._at = bytes(self._buffer[self._at : end]), end
        return piece

    def verify(self) -> None:
        """Read what may be left, and compare."""
        while self._read(PIECE):
            continue
        if self._size != self._part.size:
            raise _damaged(self._part, f"it has {self._size} bytes, and {self._part.size} were stored")
        if self._hash.hexdigest() != self._part.sha256:
            raise _damaged(self._part, "its SHA-256 is not the one in the manifest")


class _Pieces:
    """From the thread that decrypts to who asked, a bounded number at a time."""

    def __init__(self) -> None:
        self._queue: queue.Queue[bytes | BaseException | None] = queue.Queue(WAITING)
        self._buffer, self.ended = bytearray(), False

    def write(self, data: bytes) -> int:
        self._buffer += data
        if len(self._buffer) >= PIECE:
            self._hand_on(bytes(self._buffer))
            self._buffer.clear()
        return len(data)

    def flush(self) -> None:
        """Nothing: the end is told by `finish`."""

    def finish(self, error: BaseException | None = None) -> None:
        if error is None and self._buffer:
            self._hand_on(bytes(self._buffer))
        self._hand_on(error)

    def taken(self) -> Iterator[bytes]:
        while (item := self._queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item

    def end(self) -> None:
        self.ended = True

    def _hand_on(self, item: bytes | BaseException | None) -> None:
        while not self.ended:
            try:
                self._queue.put(item, timeout=LOOK_SECONDS)
            except queue.Full:
                continue
            return
        raise _EndedError


def _decrypt(source: _Stored, sink: _Pieces, identities: Sequence[Any], part: Part) -> None:
    import pyrage

    try:
        try:
            pyrage.decrypt_io(source, sink, list(identities))
            source.verify()
        except pyrage.DecryptError as error:
            if source.failed:
                raise source.failed from None
            if sink.ended:
                raise _EndedError from None
            if "matching" in str(error):
                raise WrongKeyError(
                    f"cannot open {part.key}",
                    "the key given is none of those it was sealed for",
                    hint="--key FILE names another one: that of a recovery key's holder",
                ) from error
            raise _damaged(part, f"it cannot be decrypted ({error})") from error
        except OSError as error:
            if source.failed:
                raise source.failed from None
            if sink.ended:
                raise _EndedError from None
            raise _damaged(part, f"it cannot be decrypted ({error})") from error
        sink.finish()
    except _EndedError:
        return
    except BaseException as error:  # noqa: BLE001 - it is raised by who reads
        try:
            sink.finish(error)
        except _EndedError:
            return


def _damaged(part: Part, why: str) -> DamagedError:
    return DamagedError(f"{part.key} is damaged", why, hint="restore another backup: ./slipway backup list ENV")
