"""A run of a cron job."""

from __future__ import annotations

from typing import ClassVar, Literal

from localcloud.render.api.store import Record, Store


class CronRun(Record):
    """One run, by its schedule or on demand; `pending` until it ends."""

    kind: ClassVar = "cron_run"

    service_id: str
    status: Literal["pending", "successful", "unsuccessful", "canceled"]
    started_at: str
    triggered_by: str
    finished_at: str | None = None
    canceled_by: str | None = None


def under_way(store: Store, service_id: str) -> list[CronRun]:
    """The runs of a cron job that have not ended."""
    return store.all(CronRun, lambda run: run.service_id == service_id and run.status == "pending")
