"""Render's identifiers, timestamps and short random suffixes."""

from __future__ import annotations

import itertools
import os
import secrets
import time
from datetime import datetime, timedelta

from localcloud.machine import clock

ALPHABET = "0123456789abcdefghijklmnopqrstuv"
SUFFIX = "0123456789abcdefghijklmnopqrstuvwxyz"
_machine = os.urandom(5)
_counter = itertools.count(int.from_bytes(os.urandom(2), "big"))


def xid() -> str:
    """12 bytes (seconds, machine, counter) as 20 characters of base32-hex, as Render's ids are."""
    raw = int(clock.now().timestamp()).to_bytes(4, "big") + _machine + (next(_counter) & 0xFFFFFF).to_bytes(3, "big")
    number = int.from_bytes(raw, "big") << 4
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(95, -1, -5))


def new(prefix: str) -> str:
    """A fresh id such as `srv-d0ibivsfunbc73fd4g7g`."""
    return f"{prefix}-{xid()}"


def suffix(length: int = 4) -> str:
    """The random end that Render gives to database names and slugs."""
    return "".join(secrets.choice(SUFFIX) for _ in range(length))


def now() -> str:
    """This moment in RFC 3339 with nanoseconds, as create replies carry it."""
    return f"{clock.now():%Y-%m-%dT%H:%M:%S.%f}{time.time_ns() % 1000:03d}Z"


def micros(stamp: str) -> str:
    """The same moment as later reads show it: rounded to microseconds, without zeros at the end."""
    whole, _, fraction = stamp.removesuffix("Z").partition(".")
    moment = datetime.fromisoformat(whole) + timedelta(microseconds=round(int(fraction.ljust(9, "0")) / 1000))
    text = f"{moment:%Y-%m-%dT%H:%M:%S.%f}".rstrip("0").rstrip(".")
    return f"{text}Z"
