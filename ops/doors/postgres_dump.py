"""The door to a database that is to be backed up: what it is, one moment of it held, what `pg_dump` writes of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from console.errors import REFUSED, ExplainedError
from ops.doors import postgres_contents
from ops.doors.postgres import environment
from ops.doors.postgres_programs import PLACES, folders
from ops.doors.postgres_snapshot import Held, holding, opened

PIPE_BYTES = 1 << 20
F_SETPIPE_SZ = 1031  # Linux's: its pipes hold 64 KiB, for which two processes change places all the time
STATISTICS_CAME = 18
ALWAYS = ("--format=custom", "--compress=0", "--no-password", "--lock-wait-timeout=10s")
KEPT_LINES = 3
FACTS = """
SELECT datname, current_setting('server_version'), pg_encoding_to_char(encoding), datcollate, datctype,
       CASE to_jsonb(d) ->> 'datlocprovider' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END
FROM pg_database d WHERE datname = current_database()
"""  # the column of the provider came with version 15


@dataclass(frozen=True)
class Facts:
    """What a server says of itself and of one of its databases."""

    database: str
    server_version: str
    server_version_num: int
    encoding: str
    collate: str
    ctype: str
    locale_provider: str

    @property
    def major(self) -> int:
        return self.server_version_num // 10_000


class Database(Protocol):
    """One that can be backed up."""

    def facts(self) -> Facts:
        """What it is."""

    def program(self, major: int) -> str:
        """The version of the `pg_dump` that will dump it; refused where none here is new enough."""

    def hold(self) -> AbstractContextManager[Held]:
        """One moment of it, which all that follows reads."""

    def contents(self, held: Held, jobs: int) -> dict[str, Any]:
        """What it holds at that moment: counts and hashes."""

    def dump(self, held: Held, words: Sequence[str]) -> AbstractContextManager[Iterator[bytes]]:
        """What `pg_dump` writes of that moment; an error at the end of the stream where it has failed."""

    def end(self) -> None:
        """End what is being dumped, also where it waits for somebody: the streams end in errors."""


class DumpError(ExplainedError):
    """What `pg_dump` could not do, in its words."""


class Postgres:
    """A database by its address, which has the password in it."""

    def __init__(self, url: str) -> None:
        self._url, self._programs, self._running = url, dict[int, Path](), set[subprocess.Popen[bytes]]()

    def facts(self) -> Facts:
        """Asked in one connection."""
        with opened(self._url) as connection:
            number = connection.info.server_version
            row = connection.execute(FACTS).fetchone()
        assert row is not None  # noqa: S101 - we are connected to it
        name, version, encoding, collate, ctype, locale_provider = map(str, row)
        return Facts(name, version, number, encoding, collate, ctype, locale_provider)

    def program(self, major: int) -> str:
        """The oldest that is new enough: what it writes, more programs read."""
        self._programs = self._programs or dumpers()
        fit = sorted(there for there in self._programs if there >= major)
        if not fit:
            there = ", ".join(map(str, sorted(self._programs))) or "none"
            raise ExplainedError(
                "refused to make a backup",
                f"the server has version {major}, this machine has pg_dump {there}, and an older one cannot dump it",
                hint=f"apt-get install postgresql-client-{major}",
                code=REFUSED,
            )
        self._program = self._programs[fit[0]] / "pg_dump"
        return _said(self._program).removeprefix("pg_dump (PostgreSQL) ").strip()

    def hold(self) -> AbstractContextManager[Held]:
        """Its snapshot, exported, and locks on all tables."""
        return holding(self._url)

    def contents(self, held: Held, jobs: int) -> dict[str, Any]:
        """Over connections of their own."""
        return postgres_contents.read(self._url, snapshot=held, jobs=jobs)

    @contextmanager
    def dump(self, held: Held, words: Sequence[str]) -> Iterator[Iterator[bytes]]:
        """Killed where nobody reads on; it ends by itself where we are killed, for then its pipe is closed."""
        given = environment(self._url)
        command = [str(self._program), *ALWAYS, f"--snapshot={held.snapshot}", *words]
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                command, env={**given, "PGAPPNAME": "slipway backup"}, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=said,
            )  # fmt: skip
            self._running.add(process)
            try:
                yield _output(process, said)
            finally:
                self._running.discard(process)
                process.kill()
                process.wait()
                if process.stdout:
                    process.stdout.close()

    def end(self) -> None:
        """By force: nothing of theirs is kept."""
        for process in tuple(self._running):
            process.kill()


def _output(process: subprocess.Popen[bytes], said: Any) -> Iterator[bytes]:
    assert process.stdout is not None  # noqa: S101 - it was asked for
    pipe = process.stdout.fileno()
    with suppress(OSError, ImportError):
        import fcntl

        fcntl.fcntl(pipe, F_SETPIPE_SZ, PIPE_BYTES)
    while chunk := os.read(pipe, PIPE_BYTES):
        yield chunk
    if code := process.wait():
        said.seek(0)
        lines = [line.strip() for line in said.read().decode(errors="replace").splitlines() if line.strip()]
        raise DumpError("pg_dump failed", "; ".join(lines[:KEPT_LINES]) or f"exit code {code}")


def dumpers() -> dict[int, Path]:
    """The folder of each major version; the clients alone may be installed."""
    found: dict[int, Path] = {}
    clients = (path.parent for place in PLACES for path in sorted(Path("/").glob(f"{place.lstrip('/')}/pg_dump")))
    on_path = [Path(program).parent] if (program := shutil.which("pg_dump")) else []
    for folder in (*folders(), *clients, *on_path):
        if (folder / "pg_dump").exists() and (version := re.search(r"\) (\d+)", _said(folder / "pg_dump"))):
            found.setdefault(int(version[1]), folder)
    return found


def _said(program: Path) -> str:
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
