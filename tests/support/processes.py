"""Processes that belong to a local cloud."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

import psutil


def living_in(places: Iterable[Path]) -> list[str]:
    """Pid and command line of each whose command line, folder or SLIPWAY_ROOT is in one of these places."""
    living, inside = [], [str(place) for place in places]
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            command = " ".join(process.cmdline())
            told = f"{command} {process.cwd()} {process.environ().get('SLIPWAY_ROOT', '')}"
            if process.status() != psutil.STATUS_ZOMBIE and any(place in told for place in inside):
                living.append(f"{process.pid} {command}")
    return living
