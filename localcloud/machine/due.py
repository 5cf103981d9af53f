"""What both daemons say of the things that happen by the local cloud's clock, when it is moved on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PATH = "/_local/due"  # GET: when something is due next; POST, with `since`: carry out what is due, tell what was


@dataclass(frozen=True)
class Happening:
    """One thing that fell due and was carried out."""

    at: str  # the cloud's time, as RFC 3339 has it
    what: str  # such as `cron run` or `expired object`
    name: str
    outcome: Literal["done", "failed", "still running", "skipped"]
    detail: str = ""
