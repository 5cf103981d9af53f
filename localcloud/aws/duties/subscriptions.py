"""Subscriptions that nobody has confirmed within two days are gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from localcloud.aws.services.sns.subscriptions import ends, over
from localcloud.aws.state import backends
from localcloud.machine.due import Happening


class Subscriptions:
    """Those that wait for a confirmation."""

    def next_due(self, now: datetime) -> datetime | None:
        """When the next one can no longer be confirmed."""
        return min((ends(each) for _, each in _pending()), default=None)

    def carry_out(self, now: datetime) -> list[Happening]:
        """Forget those whose time is over."""
        gone = [(backend, each) for backend, each in _pending() if over(each, now)]
        for backend, each in gone:
            del backend.subscriptions[each.arn]
        return [Happening(now.isoformat(), "forgot subscription", each.endpoint, "done") for _, each in gone]


def _pending() -> Iterator[tuple[Any, Any]]:
    for backend in backends("sns").values():
        for subscription in list(backend.subscriptions.values()):
            if not subscription.confirmed:
                yield backend, subscription
