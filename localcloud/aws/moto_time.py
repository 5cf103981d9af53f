"""Makes moto live in the local cloud's time, however its modules ask for the time."""

from __future__ import annotations

import datetime as dt
import importlib
import time as time_module
from datetime import datetime, tzinfo
from types import ModuleType
from typing import Any

from localcloud.machine import clock


class _Kind(type):
    """A moment is a moment, whoever made it."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class CloudDatetime(datetime, metaclass=_Kind):
    """`datetime` whose present is the local cloud's. What it makes are plain ones, which can be pickled."""

    def __new__(cls, *arguments: Any, **options: Any) -> Any:
        """A plain moment."""
        return datetime(*arguments, **options)  # noqa: DTZ001 - the caller's choice

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        """The cloud's time; without a time zone in UTC, as AWS's machines are."""
        return clock.now().astimezone(tz) if tz else utcnow()

    @classmethod
    def today(cls) -> Any:
        """As `now` without a time zone."""
        return utcnow()


def utcnow() -> datetime:
    """moto's own present: in UTC, without saying so."""
    return clock.now().replace(tzinfo=None)


def install() -> None:
    """Replace the one function that most of moto asks; to be called before its services import it by name.

    moto's core has imported it by then: the header `Date` stays the machine's, by which clients measure how wrong
    their own clock is. They sign in real time.
    """
    from moto.core import utils

    utils.utcnow = utcnow


def follow(service: str) -> None:
    """Replace the standard library's clocks where a service of moto reads them."""
    for part in ("models", "responses"):
        module: Any = importlib.import_module(f"moto.{service}.{part}")
        for name, stand_in in _STAND_INS.items():
            if vars(module).get(name) in _REPLACED[name]:
                setattr(module, name, stand_in(vars(module)[name]))


def _of_datetime(replaced: Any) -> Any:
    return CloudDatetime if replaced is datetime else _module(dt, datetime=CloudDatetime)


def _of_time(_: Any) -> Any:
    return _module(time_module, time=lambda: clock.now().timestamp())


def _module(like: ModuleType, **changed: Any) -> ModuleType:
    made = ModuleType(like.__name__)
    vars(made).update({**vars(like), **changed})
    return made


_STAND_INS = {"datetime": _of_datetime, "time": _of_time}
_REPLACED = {"datetime": (datetime, dt), "time": (time_module,)}
