"""How much memory an instance's processes hold together."""

from __future__ import annotations

import contextlib
import os

import psutil

MEBIBYTE = 1024 * 1024


def holds_more_than(leader: int, limit_mb: int) -> bool:
    """Whether its process group does: what its processes share counts once, as it does at Render."""
    members = [pid for pid in psutil.pids() if _group(pid) == leader]
    if sum(_resident(pid) for pid in members) <= limit_mb * MEBIBYTE:
        return False
    return sum(_own(pid) for pid in members) > limit_mb * MEBIBYTE


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except OSError:
        return 0


def _resident(pid: int) -> int:
    with contextlib.suppress(psutil.Error):
        return int(psutil.Process(pid).memory_info().rss)
    return 0


def _own(pid: int) -> int:
    """Dearer to ask for: asked only where the cheap sum is over the limit."""
    with contextlib.suppress(psutil.Error):
        memory = psutil.Process(pid).memory_full_info()
        return int(getattr(memory, "pss", memory.uss))
    return 0
