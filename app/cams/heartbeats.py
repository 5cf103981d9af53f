"""A background worker's signs of life, written by a thread of it, and the jobs by which it proves that it takes any.

A process that beats need not work. So each worker has a queue of its own beside the common one, is given a job there
now and then, and tells when it last carried one out, whichever it was. What it is busy with it tells as well: a job
may hang. All moments are the database's: the clock of a machine may be wrong.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, cast

from django.conf import settings
from django.db import Error, connection
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks.base import TASK_MAX_PRIORITY
from django_tasks.signals import task_finished, task_started
from django_tasks_db.models import DBTaskResult

from cams import database
from cams.models import Heartbeat

logger = logging.getLogger("cams.heartbeats")

BEAT_SEC = 2.0
JOB_EVERY_SEC = 20.0
KEPT = timedelta(hours=1)
LOST = timedelta(seconds=60)
LEAVE_SEC = 3.0
MARGIN_SEC = 0.05  # by which this machine's clock and the database's may go apart meanwhile
QUEUE = "worker-"  # what the queues of workers begin with


@task(priority=TASK_MAX_PRIORITY)
def prove() -> str:
    """Nothing but a job: who carries it out takes jobs."""
    return "taken"


class Heart(threading.Thread):
    """Beats until it is told to stop, whatever becomes of the database meanwhile."""

    def __init__(self) -> None:
        super().__init__(name="heart", daemon=True)
        self.worker = f"{QUEUE}{token_hex(8)}"
        self._stop_now = threading.Event()
        self._lost = ""
        self._alone = False
        self._next_job = 0.0
        self._steady_at = time.monotonic() + settings.ENVIRONMENT.worker_steady_sec + MARGIN_SEC
        self._who = {"instance": settings.ENVIRONMENT.instance, "version": settings.ENVIRONMENT.version}
        self._zero: datetime | None = None  # by the database's clock, of this process' monotonic one
        self._when: dict[str, float | None] = {"started_at": time.monotonic(), "took_job_at": None, "job_since": None}

    def began(self, **_: Any) -> None:
        """A job begins."""
        self._when["job_since"] = time.monotonic()

    def ended(self, task_result: Any, **_: Any) -> None:
        """A job has ended, well or not."""
        self._when["job_since"] = None
        if task_result.status == TaskResultStatus.SUCCESSFUL:
            self._when["took_job_at"] = time.monotonic()

    def run(self) -> None:
        """Beat after beat."""
        database.use_own_connection()
        while not self._stop_now.is_set():
            self._try(self._beat)
            self._stop_now.wait(self._pause())
        self._try(self._leave)
        database.close()

    def stop(self) -> None:
        """Take the last sign of life away, if the database lets it."""
        self._stop_now.set()
        self.join(LEAVE_SEC)

    def _pause(self) -> float:
        """Until the next beat: one comes as soon as this process has been up for long enough to be good."""
        left = self._steady_at - time.monotonic()
        return left if 0 < left < BEAT_SEC else BEAT_SEC

    def _try(self, what: Callable[[], None]) -> None:
        """Do it if the database lets us; a table that a migration is still to make is missing, too."""
        try:
            what()
            self._lost = ""
        except Error as error:
            connection.close()
            if self._lost != (lost := database.reason(error)):
                logger.warning("no sign of life can be written: %s", lost)
            self._lost = lost

    def _beat(self) -> None:
        zero = self._zero = self._zero or _now() - timedelta(seconds=time.monotonic())
        told = {name: zero + timedelta(seconds=mark) if mark else None for name, mark in self._when.items()}
        Heartbeat.objects.update_or_create(worker=self.worker, defaults={**self._who, **told, "seen_at": Now()})
        if not self._alone:
            # Who was this instance before has been started again. Who still is writes itself down again.
            Heartbeat.objects.filter(instance=self._who["instance"]).exclude(worker=self.worker).delete()
            self._alone = True
        own = DBTaskResult.objects.filter(queue_name=self.worker)
        own.filter(status__in=(TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)).delete()
        if not self._when["job_since"]:  # one that the database went away from stays "running"
            own.filter(started_at__lt=timezone.now() - LOST).delete()
        if time.monotonic() >= self._next_job and not own.exists():
            prove.using(queue_name=self.worker).enqueue()
            self._next_job = time.monotonic() + JOB_EVERY_SEC
            _prune()

    def _leave(self) -> None:
        DBTaskResult.objects.filter(queue_name=self.worker).delete()
        Heartbeat.objects.filter(worker=self.worker).delete()


def _now() -> datetime:
    """By the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cast(datetime, cursor.fetchone()[0])


def _prune() -> None:
    """Forget who has not been seen for long, and the jobs that only they would have carried out."""
    gone = Heartbeat.objects.filter(seen_at__lt=Now() - KEPT)
    DBTaskResult.objects.filter(queue_name__in=gone.values("worker")).delete()
    gone.delete()


@contextmanager
def beating() -> Iterator[str]:
    """Beat meanwhile; the worker's name, which is that of its own queue as well."""
    heart = Heart()
    task_started.connect(heart.began)
    task_finished.connect(heart.ended)
    heart.start()
    try:
        yield heart.worker
    finally:
        heart.stop()
