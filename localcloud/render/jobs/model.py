"""A command that is run once, on demand, beside a service."""

from __future__ import annotations

from typing import ClassVar, Literal

from localcloud.render.api.store import Record

UNDER_WAY = frozenset({"pending", "running"})


class Job(Record):
    """A one-off job."""

    kind: ClassVar = "job"

    service_id: str
    start_command: str
    plan_id: str
    status: Literal["pending", "running", "succeeded", "failed", "canceled"]
    created_at: str
    started_at: str | None = None
    finished_at: str | None = None
