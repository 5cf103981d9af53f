"""A stack's locks: that of a killed run is removed, that of a living one is kept."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from pathlib import Path

from localcloud.engine.wrapper.context import say


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
        command = ["ps", "-o", "comm=", "-p", str(pid)]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return "pulumi" in said
