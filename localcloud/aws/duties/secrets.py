"""Secrets whose recovery window has ended are gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from localcloud.aws.state import backends
from localcloud.machine.due import Happening


class Secrets:
    """Those that were deleted with a window."""

    def next_due(self, now: datetime) -> datetime | None:
        """When the next window ends."""
        return min((ends for _, _, ends in _leaving()), default=None)

    def carry_out(self, now: datetime) -> list[Happening]:
        """Delete what can no longer be restored."""
        over = [(store, secret) for store, secret, ends in _leaving() if ends <= now]
        for store, secret in over:
            store.pop(secret.arn)
        return [Happening(now.isoformat(), "deleted secret", secret.name, "done") for _, secret in over]


def _leaving() -> Iterator[tuple[Any, Any, datetime]]:
    for backend in backends("secretsmanager").values():
        for secret in list(backend.secrets.values()):
            if getattr(secret, "deleted_date", None):
                yield backend.secrets, secret, datetime.fromtimestamp(secret.deleted_date, UTC)
