"""Processes of users that a killed predecessor left."""

from __future__ import annotations

from localcloud.machine import process


def end(*prefixes: str) -> None:
    """End those that are written down under such a name, also groups whose leader has died before its children."""
    for left in process.written():
        if left.name.startswith(prefixes):
            process.stop(left)
