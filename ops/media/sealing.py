"""Sealing with age, chunk by chunk: only who has one of the keys reads what is kept; the writer cannot."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from console.errors import ExplainedError

KEY = "--key FILE names another key that it may have been sealed for"
AHEAD = 8  # chunks that wait between the two threads
CHUNK = 256 * 1024


class _StoppedError(Exception):
    """Nobody reads on."""


class _Reader:
    """Chunks, as a file that is read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._kept = chunks, memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """Some of it; empty at its end."""
        if not self._kept:
            self._kept = memoryview(next((one for one in self._chunks if one), b""))
        wanted = len(self._kept) if size < 0 else size
        given, self._kept = bytes(self._kept[:wanted]), self._kept[wanted:]
        return given


class _Writer:
    """A file that is written, as what another thread takes."""

    def __init__(self, pipe: queue.Queue[bytes | None], stopped: threading.Event) -> None:
        self._pipe, self._stopped, self._kept = pipe, stopped, bytearray()

    def write(self, data: bytes) -> int:
        """Waits for who reads."""
        self._kept += data
        if len(self._kept) >= CHUNK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Hand over what is there."""
        given, self._kept = bytes(self._kept), bytearray()
        if given and not self._taken(given):
            raise _StoppedError

    def end(self) -> None:
        """Nothing follows."""
        self._taken(None)

    def _taken(self, given: bytes | None) -> bool:
        """Waits for who reads, as long as somebody does."""
        while not self._stopped.is_set():
            with suppress(queue.Full):
                self._pipe.put(given, timeout=0.2)
                return True
        return False


def sealed(chunks: Iterator[bytes], recipients: Sequence[str]) -> Iterator[bytes]:
    """What only the holders of these keys read."""
    import pyrage

    known = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    return _through(chunks, lambda source, to: pyrage.encrypt_io(source, to, known))


def sealed_at_once(content: bytes, recipients: Sequence[str]) -> bytes:
    """The same of something small."""
    import pyrage

    return bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(one) for one in recipients]))


def opened(chunks: Iterator[bytes], identities: Sequence[Any]) -> Iterator[bytes]:
    """What was sealed, where one of these keys opens it; what was changed on the way is an error."""
    import pyrage

    try:
        yield from _through(chunks, lambda source, to: pyrage.decrypt_io(source, to, list(identities)))
    except pyrage.DecryptError as error:
        raise ExplainedError("cannot open what is sealed", str(error), hint=KEY) from error
    except OSError as error:
        raise ExplainedError("cannot open what is sealed", f"it is damaged ({error})") from error


def _through(chunks: Iterator[bytes], work: Callable[[Any, Any], None]) -> Iterator[bytes]:
    """The work goes on in another thread; what fails there fails here, where it is read."""
    pipe: queue.Queue[bytes | None] = queue.Queue(AHEAD)
    stopped, failed, wrong = threading.Event(), list[BaseException](), list[BaseException]()

    def run() -> None:
        writer = _Writer(pipe, stopped)
        try:
            work(_Reader(source), writer)
            writer.flush()
        except _StoppedError:
            pass  # who reads has gone
        except BaseException as error:  # noqa: BLE001 - told where it is read
            failed.append(wrong[0] if wrong else error)
        writer.end()

    def watched() -> Iterator[bytes]:
        try:
            yield from chunks
        except BaseException as error:
            wrong.append(error)  # age tells of it in its own words
            raise

    source = watched()
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        while (piece := pipe.get()) is not None:
            yield piece
        if failed:
            raise failed[0]
    finally:
        stopped.set()
        thread.join()
