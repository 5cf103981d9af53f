"""A background worker's sign of life."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Heartbeat(models.Model):
    """One worker process: what it is, and when it last did what it is for. It goes with the process, or is pruned."""

    worker: models.CharField[str, str] = models.CharField(max_length=32, primary_key=True)
    instance: models.CharField[str, str] = models.CharField(max_length=200)
    version: models.CharField[str, str] = models.CharField(max_length=200)
    started_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    seen_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    took_job_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    job_since: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-started_at", "worker")

    def __str__(self) -> str:
        return self.worker
