"""Made-up exams for an environment that has no data of its own, such as the preview of a pull request."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from exams import schedule
from exams.models import Exam

logger = logging.getLogger("exams.sample")

# Title, subject, and the hours from now until it opens and closes; without them a draft. One of each status.
EXAMS = (
    ("Sample: plane geometry", "mathematics", (-48, -46)),
    ("Sample: organic chemistry", "chemistry", (-1, 24 * 30)),
    ("Sample: the long nineteenth century", "history", (24, 27)),
    ("Sample: reading and understanding", "languages", None),
)


def fill() -> int:
    """Store them where there is no exam yet; how many. Nothing is copied from anywhere or replaced."""
    now = timezone.now()
    with transaction.atomic():
        if Exam.objects.exists():
            return 0
        for title, subject, hours in EXAMS:
            exam = Exam(title=title, subject=subject)
            if hours:
                exam.opens_at, exam.closes_at = (now + timedelta(hours=one) for one in hours)
                exam.status = Exam.Status.SCHEDULED
            exam.full_clean()
            schedule.store(exam)
    return len(EXAMS)
