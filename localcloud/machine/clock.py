"""The local cloud's clock, which both clouds follow: schedules, lifecycles, locks, tokens and alarms.

It runs as fast as the machine's and may be ahead of it: `.local/clock.json` holds its jumps, each as the machine's
time and by how many seconds the cloud has been ahead since. Every process reads that file, so all see a jump at once.
"""

from __future__ import annotations

import fcntl
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from console.errors import ExplainedError
from localcloud.machine.paths import local, write_atomically

Jumps = tuple[tuple[float, float], ...]

_NEVER: tuple[object, Jumps] = (None, ())
_read = _NEVER  # which file was read last, and its jumps: the time is asked for many times in each call


def now() -> datetime:
    """The local cloud's time, in UTC."""
    return virtual_at(datetime.now(UTC))


def ahead() -> timedelta:
    """How far the local cloud's time is ahead of the machine's."""
    jumps = _jumps()
    return timedelta(seconds=jumps[-1][1] if jumps else 0)


def virtual_at(real: datetime) -> datetime:
    """Which time the local cloud had at a moment of the machine, such as one that a client signed with.

    Clients sign in whole seconds, so a jump counts from the beginning of its second.
    """
    moment = real.timestamp()
    since = next((seconds for at, seconds in reversed(_jumps()) if at <= moment), 0.0)
    return real.astimezone(UTC) + timedelta(seconds=since)


def forward(to: datetime) -> None:
    """Move on to that time; a time that is past already changes nothing."""
    with (local() / "clock.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        real, jumps = datetime.now(UTC), list(_jumps())
        seconds = (to - real).total_seconds()
        if (jumps and seconds <= jumps[-1][1]) or seconds <= 0:
            return
        at = float(int(real.timestamp()))
        if jumps and jumps[-1][0] == at:
            jumps.pop()  # nobody can have signed between them
        _write((*jumps, (at, seconds)))


def reset() -> None:
    """Back to the machine's time: what was made meanwhile keeps its dates, which are then in the future."""
    Path(_name()).unlink(missing_ok=True)


def _jumps() -> Jumps:
    global _read  # noqa: PLW0603 # the one thing that a process remembers of the clock
    name = _name()
    try:
        found = os.stat(name)  # noqa: PTH116 # as in _name
    except FileNotFoundError:
        _read = _NEVER
        return ()
    which = (name, found.st_ino, found.st_mtime_ns)
    if _read[0] != which:
        _read = (which, _parse(Path(name)))
    return _read[1]


def _parse(path: Path) -> Jumps:
    try:
        return tuple((float(at), float(seconds)) for at, seconds in json.loads(path.read_bytes()))
    except FileNotFoundError:
        return ()  # put back to the machine's time a moment ago
    except (ValueError, TypeError) as error:
        raise ExplainedError(f"cannot read {path}", str(error), hint="./slipway local clock reset") from error


def _write(jumps: Jumps) -> None:
    write_atomically(Path(_name()), json.dumps(jumps).encode())


def _name() -> str:
    """Where the jumps are. `paths.local()` makes the folder, and a `Path` costs more than the time may."""
    return os.path.join(os.environ.get("SLIPWAY_ROOT", ""), ".local", "clock.json")  # noqa: PTH118 # asked at each call, and pathlib takes ten times as long
