"""What a killed run has left behind is put in order: its lock, what it was creating, a state half written.

Both clouds' providers look for what is already there before they create.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path


def mend(path: Path, stack: str) -> None:
    """Undo a write of the state that was cut short: its side file, or the state itself, which has a copy."""
    copy = path.with_name(f"{path.name}.bak")
    for one in (path, copy):
        side = one.with_name(f"{one.name}.attrs")
        if side.exists() and not _readable(side):
            side.unlink(missing_ok=True)
    if path.exists() and not _readable(path) and _readable(copy):
        copy.replace(path)
        say(f"an earlier run was killed while it wrote the state of {stack}: the copy before it is taken")


def _readable(path: Path) -> bool:
    try:
        json.loads(path.read_text())
    except (OSError, ValueError):
        return False
    return True


def unlock(locks: Path, stack: str) -> None:
    """Remove the lock of a run on this machine whose process is gone."""
    for path in locks.glob("*.json"):
        lock = json.loads(path.read_text())
        if lock.get("hostname") == platform.node() and not is_pulumi(int(lock.get("pid", 0))):
            path.unlink(missing_ok=True)
            say(f"an earlier run (pid {lock['pid']}) was killed: its lock on {stack} is removed")


def is_pulumi(pid: int) -> bool:
    """Whether that process runs, and is the CLI."""
    try:
        os.kill(pid, 0)
        said = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True).stdout
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return "pulumi" in said


def forget_creating(path: Path) -> None:
    """Drop the pending creates of a state: Pulumi would warn of them for ever."""
    text = path.read_text() if path.exists() else ""
    if '"pending_operations"' not in text:
        return
    state = json.loads(text)
    latest = state["checkpoint"].get("latest") or {}
    pending = latest.get("pending_operations") or []
    creating = [one["resource"]["urn"].rpartition("::")[2] for one in pending if one["type"] == "creating"]
    if creating:
        latest["pending_operations"] = [one for one in pending if one["type"] != "creating"]
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_text(json.dumps(state, indent=4))
        temporary.replace(path)
        say(f"it was creating {', '.join(creating)}: what is there already will be found and kept")


def say(message: str) -> None:
    """Talk to the person."""
    sys.stderr.write(f"slipway: {message}\n")
