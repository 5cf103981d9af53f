"""A scratch PostgreSQL of one run: on a free port, its files in a folder that ends with it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from console.errors import ExplainedError
from ops.doors.postgres_programs import ELSEWHERE, Account, account, programs, reachable
from ops.doors.programs import ROOT

HOST = "127.0.0.1"
USER = "postgres"
START_SECONDS = 60.0
# Nobody reads it after a crash of the machine, so nothing waits for the disk.
CARELESS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


@contextmanager
def started(version: str) -> Iterator[str]:
    """The address of one, for its superuser.

    It ends with this process, however that ends; the folder that a killed run leaves is removed by the next one.
    """
    who = account()
    with _own_folder(who) as folder, _served(who, reachable(programs(version), who, folder.parent), folder) as url:
        yield url


def _home() -> Path:
    checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    home = Path(f"/var/tmp/slipway-scratch-{os.geteuid()}-{checkout}")  # noqa: S108 - ours, or refused
    with suppress(FileExistsError):
        home.mkdir(mode=0o700)
    if home.is_symlink() or home.stat().st_uid != os.geteuid():
        raise ExplainedError(f"cannot use {home}", "it belongs to somebody else", hint=ELSEWHERE)
    return home


@contextmanager
def _own_folder(who: Account) -> Iterator[Path]:
    """A folder for one run, held by a lock that ends with this process; those that nobody holds are removed.

    The last one out takes all of it along.
    """
    with _alone() as home:
        if who.uid:
            os.chown(home, os.geteuid(), who.gid)
            home.chmod(0o710)
        for left in home.glob("run-*"):
            _sweep(left)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=home))
        held = (folder / "lock").open("w")
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        folder.chmod(0o711)
        yield folder
    finally:
        with _alone() as home:
            shutil.rmtree(folder, ignore_errors=True)
            held.close()
            if not [*home.glob("run-*")]:
                shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _alone() -> Iterator[Path]:
    """Where all runs of this checkout have their folders, for as long as nobody else makes or removes any."""
    while True:
        home = _home()
        try:
            lock = (home / "lock").open("w")
        except FileNotFoundError:
            continue
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if _is_at(lock, home / "lock"):  # else the last one out has taken it along
                yield home
                return


def _is_at(file: IO[str], path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    return False


def _sweep(folder: Path) -> None:
    with suppress(FileNotFoundError), (folder / "lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return  # somebody is at work there
    with suppress(OSError, ValueError):
        server = int((folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        if str(folder / "data") in _words(server):  # a number is given to others later
            os.kill(server, signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


def _words(pid: int) -> str:
    return subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


@contextmanager
def _served(who: Account, binaries: Path, folder: Path) -> Iterator[str]:
    data, password = folder / "data", secrets.token_urlsafe(24)
    key = folder / "key"
    key.write_text(password)
    key.chmod(0o600)
    data.mkdir(mode=0o700)
    for path in (key, data):
        who.own(path)
    env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C", "TZ": "UTC"}
    made = who.command([str(binaries / "initdb"), "-D", str(data), "-U", USER, f"--pwfile={key}", "--no-sync",
                        "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"])  # fmt: skip
    done = subprocess.run(made, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise _not_started(done.stderr)
    key.unlink()
    with (folder / "log").open("wb") as log:
        port = _free_port()
        words = [str(binaries / "postgres"), "-D", str(data), "-p", str(port)]
        listens = (f"listen_addresses={HOST}", "unix_socket_directories=", "max_connections=50", "jit=off")
        for setting in listens + CARELESS:
            words += ["-c", setting]
        server = subprocess.Popen(who.command(words), cwd=folder, env=env, stdout=log, stderr=log, process_group=0)
        try:
            url = f"postgresql://{USER}:{password}@{HOST}:{port}/postgres"
            _wait(server, url, folder / "log")
            yield url
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait()


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with suppress(psycopg.OperationalError):
            psycopg.connect(url, connect_timeout=10).close()
            return
        time.sleep(0.05)
    raise _not_started(log.read_text(errors="replace"))


def _not_started(said: str) -> ExplainedError:
    lines = said.strip().splitlines()
    return ExplainedError(
        "cannot start a scratch PostgreSQL", lines[-1] if lines else "it said nothing", hint=ELSEWHERE
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
