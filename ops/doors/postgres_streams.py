"""The door for one big table: its rows go in over several connections, as one keeps but one core busy."""

from __future__ import annotations

import queue
import re
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ops.doors.postgres_restore import FAST, TIMEOUT, LoadError, feed, told

if TYPE_CHECKING:
    import psycopg

BLOCK = 1 << 20  # of rows, for one connection at a time
AHEAD = 2  # blocks for each connection, which wait in our memory
END = b"\\.\n"  # what a line of data never is
NAME = rb'(?:"(?:[^"]|"")+"|[\w$\x80-\xff]+)'
COPY = re.compile(
    rb"COPY (" + NAME + rb"\." + NAME + rb") (?:\(" + NAME + rb"(?:, " + NAME + rb")*\) )?FROM stdin;\n"
)


@dataclass(frozen=True)
class Streams:
    """An archive of `pg_dump` with the rows of one table, and where its sequences stand, on its way into it."""

    folder: Path
    """Of `pg_restore`."""
    url: str
    jobs: int
    anew: bool = False
    """Whether somebody may have begun with it before: what he left there goes."""

    def load(self, archive: Iterable[bytes]) -> None:
        """All of its rows; each connection commits for itself once all are there, so a kill may leave some."""
        command = [str(self.folder / "pg_restore"), "--data-only", "--file=-"]
        with tempfile.TemporaryFile() as said, _started(command, said) as process, ThreadPoolExecutor(1) as pool:
            feeding = pool.submit(_fed, process, archive)

            def whole() -> None:
                if code := feeding.result():
                    said.seek(0)
                    raise LoadError(told(said.read().decode(errors="replace"), code))

            try:
                self._copied(_pipe(process.stdout), whole)
            except BaseException as error:
                process.kill()
                if cause := feeding.exception():
                    raise cause from error
                raise

    def _copied(self, rows: IO[bytes], whole: Callable[[], None]) -> None:
        """Into the table that the archive names; `whole` fails where the archive was not."""
        import psycopg

        script = Script(rows)
        settings, copy, name = script.head()
        if not name:
            whole()
            raise LoadError("the archive has no rows of a table")
        try:
            with ExitStack() as stack:
                connections = [stack.enter_context(self._connection()) for _ in range(self.jobs)]
                if self.anew:
                    connections[0].execute(b"TRUNCATE ONLY " + name)
                for connection in connections:
                    connection.execute(settings)
                    connection.execute("BEGIN")
                _shared(connections, copy, script.blocks())
                connections[0].execute(script.tail())
                whole()
                for connection in connections:
                    connection.execute("COMMIT")
        except psycopg.Error as error:
            raise LoadError(str(error).strip()) from error

    def _connection(self) -> psycopg.Connection:
        import psycopg

        return psycopg.connect(
            self.url, autocommit=True, options=FAST, client_encoding="UTF8", application_name="slipway restore"
        )


def _shared(connections: list[psycopg.Connection], copy: bytes, blocks: Iterator[bytes]) -> None:
    """Whoever is free takes the next block; who fails ends all."""
    waiting = queue.Queue[bytes | None](AHEAD * len(connections))
    failed = threading.Event()

    def one(connection: psycopg.Connection) -> None:
        block: bytes | None = b""
        try:
            with connection.cursor() as cursor, cursor.copy(copy) as into:
                while (block := waiting.get()) is not None:
                    into.write(block)
                if failed.is_set():
                    raise LoadError("another connection has failed")  # noqa: TRY301 - it ends this COPY
        except BaseException:
            failed.set()
            while block is not None:  # nobody waits for a place in the queue
                block = waiting.get()
            raise

    with ThreadPoolExecutor(len(connections), thread_name_prefix="rows") as pool:
        at_work = [pool.submit(one, connection) for connection in connections]
        try:
            for block in blocks:
                waiting.put(block)
                if failed.is_set():
                    break
        except BaseException:
            failed.set()
            raise
        finally:
            for _ in at_work:
                waiting.put(None)
    errors = [error for future in at_work if (error := future.exception())]
    if errors:
        raise next((one for one in errors if not isinstance(one, LoadError)), errors[0])


@dataclass
class Script:
    """What `pg_restore` writes for such an archive, read once: settings, `COPY`, its rows, and what follows them."""

    text: IO[bytes]
    _left: bytes = b""

    def head(self) -> tuple[bytes, bytes, bytes]:
        """What sets up a session, the statement that the rows follow, and the name of their table."""
        return _statements(self.text)

    def blocks(self) -> Iterator[bytes]:
        """Cut at the ends of lines, up to the one that ends them; a line break in a value is written otherwise."""
        kept = b"\n"
        while True:
            read = self.text.read(max(BLOCK, len(kept)))
            block = kept + read
            if (end := block.find(b"\n" + END)) >= 0:
                self._left = block[end + 1 + len(END) :]
                yield block[1 : end + 1]
                return
            if not read:
                raise LoadError("the rows of the table end too early")
            cut = block.rfind(b"\n")
            if cut > 0:
                yield block[1 : cut + 1]
            kept = block[max(cut, 0) :]

    def tail(self) -> bytes:
        """Where sequences stand."""
        return _statements(BytesIO(self._left + self.text.read()))[0]


def _statements(lines: IO[bytes]) -> tuple[bytes, bytes, bytes]:
    told, statement = b"", b""
    for line in lines:
        if not statement and (line.startswith((b"--", b"\\")) or not line.strip()):
            continue
        statement += line
        if found := COPY.fullmatch(statement):
            return told, statement, found[1]
        if not statement.endswith(b";\n") or statement.startswith(b"COPY "):  # a name may look like its end
            continue
        if TIMEOUT not in statement:  # it bounds nothing anyway, and servers before 17 do not know it
            told += statement
        statement = b""
    return told, b"", b""


@contextmanager
def _started(command: list[str], said: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                _pipe(pipe).close()


def _fed(process: subprocess.Popen[bytes], archive: Iterable[bytes]) -> int:
    """Its exit code; a source that fails ends it, as the end of what it reads would look like all of it."""
    try:
        return feed(process, _pipe(process.stdin), archive)
    except BaseException:
        process.kill()
        raise


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101 - it was asked for
    return pipe
