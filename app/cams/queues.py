"""`/api/v1/health/queues`: which workers there are, how each does, and what waits for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import Error
from django.db.models import Case, Count, F, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Now
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks import DEFAULT_TASK_QUEUE_NAME, TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from cams.database import last_seen
from cams.heartbeats import QUEUE
from cams.models import Heartbeat
from cams.proof.answer import identity
from cams.proof.reasons import NO_DATABASE

ALIVE = timedelta(seconds=10)
"""After five beats that did not come, a worker is taken for gone."""
IDLE = timedelta(seconds=60)
"""A worker that has had no job for so long, of which it gets one every 20 s, takes none."""
UNTAKEN = timedelta(seconds=30)
"""A worker that leaves the first job of its own queue, before which there is none, for so long takes none. It writes
the job with its first sign of life, so that a slow start does not count."""
LONGEST_JOB = timedelta(minutes=15)
"""A job that takes longer is taken for one that hangs."""
SOON = "1"


@dataclass(frozen=True)
class Finding:
    """Whether a worker is good, else why not, and whether that may change by itself."""

    good: bool
    reason: str = ""
    may_come: bool = True


@never_cache
@require_safe
def queues(request: HttpRequest) -> JsonResponse:
    """200, with `?version=` only where a worker of that release has been up for a while and does its work."""
    wanted = request.GET.get("version", "")
    about: dict[str, Any] = identity(settings.ENVIRONMENT)
    try:
        beats = list(Heartbeat.objects.annotate(now=Now(), untaken_since=Subquery(_own_jobs())))
        waiting = _waiting()
    except Error:
        last_seen.failed()
        body = {"status": "error", "reason": NO_DATABASE, **about, "workers": [], "queues": {}}
        return JsonResponse(body, status=503, headers={"Retry-After": "5"})
    finding = judge(wanted, beats) if wanted else Finding(good=True)
    body = {
        "status": "ok" if finding.good else "waiting" if finding.may_come else "failed",
        **({"reason": finding.reason} if finding.reason else {}),
        **about,
        "workers": [_document(beat) for beat in beats],
        "queues": waiting,
    }
    headers = {"Retry-After": SOON} if not finding.good and finding.may_come else {}
    return JsonResponse(body, status=200 if finding.good else 503, headers=headers)


def judge(version: str, beats: Iterable[Any]) -> Finding:
    """The best that can be said of the workers of a release."""
    own = [beat for beat in beats if beat.version == version]
    if not own:
        return Finding(good=False, reason=f"no worker of {version} has been seen")
    findings = [_judge(beat) for beat in own]
    return max(findings, key=lambda finding: (finding.good, finding.may_come))


def _judge(beat: Any) -> Finding:
    who = f"the worker on {beat.instance}"
    if not _alive(beat):
        return Finding(good=False, reason=f"{who} has not been seen for {_seconds(beat.now - beat.seen_at)} s")
    if beat.job_since and beat.now - beat.job_since > LONGEST_JOB:
        why = f"{who} has been busy with one job for {_seconds(beat.now - beat.job_since)} s"
        return Finding(good=False, reason=why, may_come=False)
    up = beat.seen_at - beat.started_at
    if not beat.took_job_at:
        waits = beat.untaken_since and not beat.job_since
        # Since when it has a job is told by its own clock: it has none for longer than it runs.
        untaken = beat.now - max(beat.untaken_since, beat.started_at) if waits else timedelta()
        if untaken > UNTAKEN:
            why = f"{who} takes no job: one has waited for it for {_seconds(untaken)} s"
            return Finding(good=False, reason=why, may_come=False)
        return Finding(good=False, reason=f"{who} has taken no job in the {_seconds(up)} s that it runs")
    if not beat.job_since and beat.now - beat.took_job_at > IDLE:
        idle = _seconds(beat.now - beat.took_job_at)
        return Finding(good=False, reason=f"{who} has taken no job for {idle} s", may_come=False)
    if up < timedelta(seconds=settings.ENVIRONMENT.worker_steady_sec):
        steady = settings.ENVIRONMENT.worker_steady_sec
        return Finding(good=False, reason=f"{who} has run for {_seconds(up)} of {steady} s without a restart")
    return Finding(good=True)


def _alive(beat: Any) -> bool:
    return bool(beat.now - beat.seen_at <= ALIVE)


def _own_jobs() -> QuerySet[DBTaskResult[Any, Any], dict[str, Any]]:
    """Since when there is a job in a worker's own queue that it could carry out."""
    own = DBTaskResult.objects.filter(queue_name=OuterRef("worker"), status=TaskResultStatus.READY)
    return own.order_by("enqueued_at").values("enqueued_at")[:1]


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())


def _document(beat: Any) -> dict[str, Any]:
    return {
        "instance": beat.instance,
        "version": beat.version,
        "started_at": beat.started_at,
        "seen_at": beat.seen_at,
        "took_job_at": beat.took_job_at,
        "job_since": beat.job_since,
        "alive": _alive(beat),
    }


def _waiting() -> dict[str, dict[str, Any]]:
    """How many jobs each queue has that could be carried out now, and since when the oldest could."""
    due = Case(When(run_after=get_date_max(), then=F("enqueued_at")), default=F("run_after"))
    runnable = Q(run_after=get_date_max()) | Q(run_after__lte=Now())
    ready = DBTaskResult.objects.filter(runnable, status=TaskResultStatus.READY).exclude(queue_name__startswith=QUEUE)
    rows = ready.order_by().values("queue_name").annotate(ready=Count("*"), oldest=Min(due), now=Now())
    depths = {row["queue_name"]: {"ready": row["ready"], "oldest_seconds": _age(row)} for row in rows}
    return {DEFAULT_TASK_QUEUE_NAME: {"ready": 0, "oldest_seconds": 0.0}, **depths}


def _age(row: dict[str, datetime]) -> float:
    return round(max(0.0, (row["now"] - row["oldest"]).total_seconds()), 1)
