"""What happens in AWS by itself, as time goes on: one file a noun, loaded when its service is used."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from localcloud.machine.due import Happening

_OF = {  # moto's name of a service, and the classes here
    "cloudwatch": ("alarms.Alarms",),
    "ecr": ("images.Images", "uploads.Uploads"),
    "kms": ("keys.Keys",),
    "s3": ("objects.Objects", "access_logs.AccessLogs"),
    "secretsmanager": ("secrets.Secrets",),
    "sns": ("subscriptions.Subscriptions",),
}
SERVICES = tuple(_OF)


class Duty(Protocol):
    """One kind of thing that happens by the clock. Both are called with the state's lock held."""

    def next_due(self, now: datetime) -> datetime | None:
        """The first moment after `now` at which something will happen, as far as is known by now."""

    def carry_out(self, now: datetime) -> list[Happening]:
        """Do all that is due by now; what was done before is not done again."""


@cache
def of(service: str) -> list[Duty]:
    """What happens in a service. The state of it must be in use."""
    made = []
    for name in _OF[service]:
        module, _, kind = name.partition(".")
        duty: Any = getattr(import_module(f"{__name__}.{module}"), kind)
        made.append(duty())
    return made
