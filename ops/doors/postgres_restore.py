"""The door to `pg_restore` and `psql`: what they are fed goes into a database, and what they say is read."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import IO

from console.errors import REFUSED, ExplainedError
from ops.doors.postgres import environment
from ops.doors.postgres_programs import PLACES, folders

# A restore that is cut off begins anew: nothing is won by waiting for each commit to be on the disk.
FAST = "-c synchronous_commit=off -c maintenance_work_mem=256MB -c statement_timeout=0 -c lock_timeout=0"
TIMEOUT_CAME = 17  # pg_restore of this version sets transaction_timeout, which servers before do not know
TIMEOUT = b"SET transaction_timeout"
UNKNOWN_SETTING = 'unrecognized configuration parameter "transaction_timeout"'
PIPE_BYTES = 1 << 20
F_SETPIPE_SZ = 1031  # Linux's
KEPT_LINES = 5
GUARDED_SINCE = {13: 22, 14: 19, 15: 14, 16: 10, 17: 6}  # the minor versions in which psql learnt \\restrict


class LoadError(Exception):
    """What was not restored, in the program's words."""


class Restorer:
    """The programs of one major version."""

    def __init__(self, folder: Path, major: int) -> None:
        self.folder, self.major = folder, major

    def listing(self, archive: bytes | Path) -> str:
        """What an archive holds, read from its beginning; nothing while that is too short."""
        return self._read(["--list"], archive)

    def schema(self, archive: bytes | Path) -> str:
        """Its definitions, as SQL; nothing while its beginning is too short."""
        return self._read(["--schema-only", "--file=-"], archive)

    def load(self, url: str, server: int, words: Sequence[str], source: Iterable[bytes] | Path) -> None:
        """Bring an archive, or a part of it, into a database: from a file or a folder, or as it comes."""
        from ops.doors.postgres_databases import database_of

        lenient = self.major >= TIMEOUT_CAME > server and "--single-transaction" not in words
        command = [str(self.folder / "pg_restore"), "--dbname", database_of(url), "--no-owner", "--no-tablespaces"]
        command += [*([] if lenient else ["--exit-on-error"]), *words]
        if isinstance(source, Path):
            command.append(str(source))
        code, said = _fed(command, _env(url), () if isinstance(source, Path) else source)
        if code and not (lenient and _only_unknown_setting(said)):
            raise LoadError(told(said, code))

    def run(self, url: str, chunks: Iterable[bytes]) -> None:
        """Run SQL as it comes: in one transaction that ends at the first error, or when `chunks` raises."""
        command = [str(self.folder / "psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
        command += ["--single-transaction", "--output=/dev/null", "--file=-"]
        code, said = _fed(command, _env(url), chain(self._guard(), chunks))
        if code:
            raise LoadError(told(said, code))

    def _guard(self) -> list[bytes]:
        """Have psql refuse its own commands, which could start any program here, where it knows how to."""
        said = subprocess.run([self.folder / "psql", "--version"], capture_output=True, text=True, check=False).stdout
        version = re.search(r"\) (\d+)\.?(\d*)", said)
        major, minor = (int(version[1]), int(version[2] or 0)) if version else (0, 0)
        if minor >= GUARDED_SINCE.get(major, 0 if major > max(GUARDED_SINCE) else minor + 1):
            return [f"\\restrict {secrets.token_hex(16)}\n".encode()]
        return []

    def _read(self, words: list[str], archive: bytes | Path) -> str:
        command = [str(self.folder / "pg_restore"), *words]
        if isinstance(archive, Path):
            done = subprocess.run([*command, str(archive)], capture_output=True, check=False)
        else:
            done = subprocess.run(command, input=archive, capture_output=True, check=False)
        return done.stdout.decode(errors="replace") if done.returncode == 0 else ""


def restorer(target: int, made_by: int = 0) -> Restorer:
    """Of the server's version; of a newer one where a newer `pg_dump` has written what is to be read."""
    found = _majors()
    fit = {major: folder for major, folder in found.items() if major >= max(target, made_by)}
    if not fit:
        there = ", ".join(str(major) for major in sorted(found)) or "none"
        raise ExplainedError(
            "cannot restore",
            f"pg_restore and psql {max(target, made_by)} or newer are needed, and this machine has {there}",
            hint=f"apt-get install postgresql-client-{max(target, made_by)}",
            code=REFUSED,
        )
    major = min(fit)
    return Restorer(fit[major], major)


def _majors() -> dict[int, Path]:
    found: dict[int, Path] = {}
    clients = (path.parent for place in PLACES for path in sorted(Path("/").glob(f"{place.lstrip('/')}/pg_restore")))
    on_path = [Path(program).parent] if (program := shutil.which("pg_restore")) else []
    for folder in (*folders(), *clients, *on_path):
        if os.access(folder / "pg_restore", os.X_OK) and os.access(folder / "psql", os.X_OK):
            said = subprocess.run([folder / "pg_restore", "--version"], capture_output=True, text=True, check=False)
            if version := re.search(r"\) (\d+)", said.stdout):
                found.setdefault(int(version[1]), folder)
    return found


def _env(url: str) -> Mapping[str, str]:
    return {**environment(url), "PGOPTIONS": FAST, "PGCLIENTENCODING": "", "PGAPPNAME": "slipway restore"} | {
        "LC_MESSAGES": "C"
    }


def _fed(command: Sequence[str], env: Mapping[str, str], chunks: Iterable[bytes]) -> tuple[int, str]:
    """Its exit code and the end of what it said; it is killed where what it is fed fails."""
    given = {name: value for name, value in env.items() if value}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=given, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
        assert process.stdin is not None  # noqa: S101 - it was asked for
        try:
            code = feed(process, process.stdin, chunks)
        except BaseException:
            process.kill()  # never a closed pipe: that would be the end of what it reads, and be committed
            process.wait()
            raise
        finally:
            with suppress(OSError):
                process.stdin.close()
        said.seek(0)
        return code, said.read().decode(errors="replace")


def feed(process: subprocess.Popen[bytes], pipe: IO[bytes], chunks: Iterable[bytes]) -> int:
    """All of it into a program; its exit code, once it has read what it needs of it."""
    with suppress(OSError, ImportError):
        import fcntl

        fcntl.fcntl(pipe.fileno(), F_SETPIPE_SZ, PIPE_BYTES)
    rest = iter(chunks)
    try:
        for chunk in rest:
            pipe.write(chunk)
        pipe.close()
    except BrokenPipeError:  # it has read all that it needs, or it has failed
        if (code := process.wait()) == 0:
            for _ in rest:  # the source is only known to be whole at its end
                continue
        return code
    return process.wait()


def _only_unknown_setting(said: str) -> bool:
    errors = [line for line in said.splitlines() if "ERROR:" in line]
    return bool(errors) and all(UNKNOWN_SETTING in line for line in errors)


def told(said: str, code: int) -> str:
    """The first lines that tell what failed."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    first = next((number for number, line in enumerate(lines) if re.search(r"(?i)error", line)), 0)
    return "; ".join(lines[first : first + KEPT_LINES]) or f"exit code {code}"
