"""Opens and closes exams when their time comes.

A task is stored for each moment, in the transaction that stores the exam. A task looks at the exam as it is when
it runs, so one that is late, repeated, or left over from an earlier date does the right thing or nothing.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from exams.models import Exam

logger = logging.getLogger("exams.schedule")


def store(exam: Exam) -> None:
    """Save an exam together with the tasks that will open and close it."""
    with transaction.atomic():
        exam.follow_clock()
        exam.save()
        if exam.status == Exam.Status.DRAFT:
            return
        now = timezone.now()
        for moment in (exam.opens_at, exam.closes_at):
            if moment and moment > now:
                follow_clock.using(run_after=moment).enqueue(exam.pk)


@task()
def follow_clock(exam_id: int) -> str:
    """Bring one exam to the status that is due; returns it, or `deleted`."""
    with transaction.atomic():
        exam = Exam.objects.select_for_update().filter(pk=exam_id).first()
        if exam is None:
            return "deleted"
        if exam.follow_clock():
            exam.save(update_fields=["status", "updated_at"])
            logger.info("exam %d is now %s", exam.pk, exam.status)
    return exam.status


def catch_up(now: datetime | None = None) -> int:
    """Bring every exam that is behind its clock up to it, such as after an outage; how many there were."""
    now = now or timezone.now()
    behind = Exam.objects.filter(status=Exam.Status.SCHEDULED, opens_at__lte=now) | Exam.objects.filter(
        status=Exam.Status.OPEN, closes_at__lte=now
    )
    exam_ids = list(behind.values_list("pk", flat=True))
    for exam_id in exam_ids:
        follow_clock.call(exam_id)
    return len(exam_ids)
