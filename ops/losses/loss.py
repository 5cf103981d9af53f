"""One thing that was deleted with its data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Loss:
    """What it is, what goes with it, and how to go on."""

    told: str
    name: str = ""
    """By which it is given up; a thing that can still be saved has none."""
    rescue: str = ""
