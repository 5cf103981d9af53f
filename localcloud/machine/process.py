"""Starts processes so that a later command can always find and end them.

Each process leads its own process group and is written down in `.local/run/<name>.json` with its pid and start
time (a pid alone may have been given to a stranger since). Ending one ends its whole group, so nothing that a
service forked outlives it, and `stop_all` works as well after the one who started them was killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from localcloud.machine.paths import folder, write_atomically

STOP_SECONDS = 10.0
_AGAIN_SECONDS = 1.0


@dataclass(frozen=True)
class Process:
    """A process that the local cloud started."""

    name: str
    pid: int
    started: float

    @property
    def alive(self) -> bool:
        """Whether this very process, not a later one with its pid, still runs."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < 1.0
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


def spawn(
    name: str,
    argv: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    pass_fds: Sequence[int] = (),
) -> tuple[Process, subprocess.Popen[bytes]]:
    """Start `argv` in a process group of its own, its output appended to `log`, and write it down as `name`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        popen = subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            user=user,
            pass_fds=pass_fds,
            start_new_session=True,
        )
    try:
        started = psutil.Process(popen.pid).create_time()
    except psutil.NoSuchProcess:
        started = 0.0
    process = Process(name, popen.pid, started)
    write_atomically(_file(name), json.dumps(asdict(process)).encode())
    return process, popen


def find(name: str) -> Process | None:
    """The running process of that name, if there is one."""
    process = _load(_file(name))
    return process if process and process.alive else None


def running() -> list[Process]:
    """Every process written down that still runs."""
    return [process for process in written() if process.alive]


def stop(
    process: Process, *, sig: signal.Signals = signal.SIGTERM, seconds: float = STOP_SECONDS, again: bool = False
) -> None:
    """End the process and its group: asked first, killed after `seconds`. One that is gone is a success.

    The group is ended also when its leader has died before its children. With `again` it is asked each second. That
    is for our own: to many a program, such as the app's worker, a second time means to leave its work unfinished.
    """
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and members(process):
        _signal(process, sig)
        _wait_until_gone(process, min(left, _AGAIN_SECONDS) if again else left)
    if members(process):
        _signal(process, signal.SIGKILL)
        _wait_until_gone(process, STOP_SECONDS)
    _file(process.name).unlink(missing_ok=True)


def _signal(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _wait_until_gone(process: Process, seconds: float) -> None:
    """Look rather than wait: an orphan's exit status is its new parent's to collect, and that may take it long."""
    until = time.monotonic() + seconds
    while members(process) and time.monotonic() < until:
        time.sleep(0.02)


def stop_all(*, last: Sequence[str] = ()) -> list[str]:
    """End everything that was started, and return the names; what starts like a name in `last` after all others."""
    everything = sorted(written(), key=lambda process: (process.name.startswith(tuple(last)), process.name))
    ended = [process.name for process in everything if members(process)]
    for process in everything:
        stop(process)
    return ended


def written() -> list[Process]:
    """Every process written down, also those that have ended since."""
    records = (_load(path) for path in sorted(folder("run").glob("*.json")))
    return [process for process in records if process]


def members(process: Process) -> list[psutil.Process]:
    """The living members of the process's group, unless its number was given to a stranger since."""
    living = []
    for candidate in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            ours = os.getpgid(candidate.pid) == process.pid
            if ours and candidate.create_time() >= process.started - 1.0:
                if candidate.pid == process.pid and not process.alive:
                    continue
                if candidate.status() != psutil.STATUS_ZOMBIE:
                    living.append(candidate)
    return living


def families() -> dict[str, list[psutil.Process]]:
    """Every living process of the local cloud, under the name of the one that it belongs to.

    That is the leader of its group or its nearest ancestor: PostgreSQL gives each of its children a group of its own.
    """
    leaders = {one.pid: one.name for one in running()}
    living: dict[str, list[psutil.Process]] = {name: [] for name in leaders.values()}
    for candidate in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            line = [candidate, *candidate.parents()]
            owner = next((leaders[group] for one in line if (group := os.getpgid(one.pid)) in leaders), None)
            if owner is not None and candidate.status() != psutil.STATUS_ZOMBIE:
                living[owner].append(candidate)
    return living


def _file(name: str) -> Path:
    return folder("run") / f"{name}.json"


def _load(path: Path) -> Process | None:
    try:
        return Process(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
