"""An exam as JSON, both ways."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from exams.models import Exam

WRITABLE = ("title", "subject", "opens_at", "closes_at", "status")
# The clock opens and closes; an author only says whether an exam is ready.
WRITABLE_STATUS = (Exam.Status.DRAFT, Exam.Status.SCHEDULED)


def to_document(exam: Exam) -> dict[str, Any]:
    """What the API answers; times are ISO 8601 with their offset."""
    return {
        "id": exam.pk,
        "title": exam.title,
        "subject": exam.subject,
        "opens_at": exam.opens_at,
        "closes_at": exam.closes_at,
        "status": exam.status,
        "created_at": exam.created_at,
        "updated_at": exam.updated_at,
    }


def from_document(document: dict[str, Any]) -> Exam:
    """A valid exam, not yet stored, or a ValidationError with every problem by field.

    Without a status, an exam with both times is scheduled and any other is a draft.
    """
    problems: dict[str, list[str]] = {name: ["is not a field"] for name in document if name not in WRITABLE}
    given = {name: _value(name, document.get(name), problems) for name in WRITABLE if name in document}
    timed = given.get("opens_at") is not None and given.get("closes_at") is not None
    given.setdefault("status", Exam.Status.SCHEDULED if timed else Exam.Status.DRAFT)
    exam = Exam(**given)
    try:
        exam.full_clean(exclude=set(problems), validate_constraints=False)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            problems.setdefault(name, messages)
    closes_at = given.get("closes_at")
    if exam.status != Exam.Status.DRAFT and isinstance(closes_at, datetime) and closes_at <= timezone.now():
        problems.setdefault("closes_at", ["is in the past"])
    if problems:
        raise ValidationError(problems)
    return exam


def _value(name: str, value: Any, problems: dict[str, list[str]]) -> Any:
    """One field's value; what is wrong with it goes to `problems`."""
    if name in ("opens_at", "closes_at"):
        return _moment(name, value, problems)
    if not isinstance(value, str):
        problems[name] = ["must be text"]
        return ""
    if "\0" in value:
        problems[name] = ["must not hold null characters"]
    if name == "status" and value not in WRITABLE_STATUS:
        problems[name] = [f"must be one of {', '.join(WRITABLE_STATUS)}"]
        return Exam.Status.DRAFT  # judge the rest as that of a draft, which asks for least
    return value.strip()


def _moment(name: str, value: Any, problems: dict[str, list[str]]) -> datetime | None:
    if value is None:
        return None
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:  # well formed, but there is no such day
        moment = None
    if moment is None or timezone.is_naive(moment):
        problems[name] = ["must be a time with its offset, such as 2026-05-04T09:00:00Z"]
        return None
    return moment
