"""An exam: what it is called and when candidates may sit it."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone


class Exam(models.Model):
    """Drafts wait for their author; everything else follows the clock from `scheduled` to `open` to `closed`."""

    class Status(models.TextChoices):
        """Where an exam is in its life."""

        DRAFT = "draft"
        SCHEDULED = "scheduled"
        OPEN = "open"
        CLOSED = "closed"

    title: models.CharField[str, str] = models.CharField(max_length=200)
    subject: models.CharField[str, str] = models.CharField(max_length=100, blank=True)
    opens_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    closes_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    status: models.CharField[str, str] = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    created_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now_add=True)
    updated_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="exam_closes_after_it_opens",
                condition=models.Q(closes_at__gt=models.F("opens_at"))
                | models.Q(opens_at__isnull=True)
                | models.Q(closes_at__isnull=True),
                violation_error_message="must be later than opens_at",
            ),
            models.CheckConstraint(
                name="exam_has_times_unless_draft",
                condition=models.Q(status="draft") | models.Q(opens_at__isnull=False, closes_at__isnull=False),
                violation_error_message="needs opens_at and closes_at",
            ),
        )
        indexes = (models.Index(fields=["status", "opens_at"], name="exam_status_opens"),)

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Tell for each field what is wrong with it; the database's constraints would only name themselves."""
        problems: dict[str, str] = {}
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            problems["closes_at"] = "must be later than opens_at"
        if self.status != self.Status.DRAFT:
            for name in ("opens_at", "closes_at"):
                if getattr(self, name) is None:
                    problems[name] = f"is needed unless the exam is a draft, and this one is {self.status}"
        if problems:
            raise ValidationError(problems)

    def status_at(self, now: datetime) -> str:
        """What its times make of it at `now`; a draft stays one."""
        if self.status == self.Status.DRAFT or self.opens_at is None or self.closes_at is None:
            return self.Status.DRAFT
        if now >= self.closes_at:
            return self.Status.CLOSED
        return self.Status.OPEN if now >= self.opens_at else self.Status.SCHEDULED

    def follow_clock(self) -> bool:
        """Take on the status that is due now; whether that was a change. The caller saves."""
        due = self.status_at(timezone.now())
        changed = due != self.status
        self.status = due
        return changed
