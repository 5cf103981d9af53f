"""Carries out one job: evaluates what is said around it, waits for who has to approve it, runs act, ends it."""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from localcloud.github.access import tokens
from localcloud.github.runs import act, ending, log, machine, source
from localcloud.github.runs.derived import Given, Result, Written, has_expression, of_job, of_words, result
from localcloud.github.runs.kept import Kept, log_of
from localcloud.github.runs.model import Conclusion, JobRun, Run
from localcloud.github.runs.places import Places
from localcloud.github.runs.plan import Node
from localcloud.github.runs.reports import Reports
from localcloud.github.store import now
from localcloud.machine import process
from localcloud.machine.go_programs import ACT
from localcloud.machine.paths import folder

LOOK_SECONDS = 0.1
TIMER_SECONDS = 1.0  # an environment's timer may be over, by a clock that is moved on
INTERRUPTED = "interrupted: the local cloud was stopped while it ran"
STOP_SECONDS = 4.0  # that a step has to end by itself where the local cloud is stopped

_log = logging.getLogger(__name__)


class Jobs:
    """All that run at this moment."""

    def __init__(self, kept: Kept, places: Places, reports: Reports) -> None:
        self._kept, self._places, self._reports = kept, places, reports
        self._stopping = threading.Event()
        self._unpacking = threading.Lock()

    def carry_out(self, run: Run, node: Node, job: JobRun, given: Given, needs: Mapping[str, Result]) -> None:
        """From its turn to its end."""
        if job.status == "in_progress" and log_of(job).exists():  # it was when the daemon ended
            self._follow(run, node, job)
            return
        said = node.job.concurrency
        words = {"environment": node.job.environment, "group": said.group if said else ""}
        found = self.words(run, node, needs, given, words)
        if found is None:
            self.end_one(job, "skipped")
            return
        job = self._kept.change_job(job, environment=found["environment"])
        if not self._is_let_in(run, job):
            return
        group = found["group"]
        if not group:
            self._run(run, node, job, given, needs)
            return
        self._kept.change_job(job, status="pending", waits_for=self._places.holder(group) or "")
        if not self._places.enter(group, job.id, cancel=None, goes_on=lambda: not self._is_unwanted(run)):
            self.end_one(job, "cancelled", why="a newer one waits in its stead")
            return
        try:
            self._run(run, node, job, given, needs)
        finally:
            self._places.leave(group, job.id)

    def words(
        self, run: Run, node: Node, needs: Mapping[str, Result], given: Given, words: Mapping[str, str]
    ) -> dict[str, str] | None:
        """What these expressions say; None where the job is not to run at all."""
        plain = "if" not in node.job.body
        if plain and any(needs[key].conclusion != "success" for key in node.needs):
            return None
        if plain and not has_expression(*words.values()):
            return dict(words)
        found = self.evaluated(run, node, lambda place: of_words(node, needs, given, words, place))
        return dict(found.outputs) if found and found.conclusion == "success" else None

    def evaluated(self, run: Run, node: Node, write: Callable[[Path], Written]) -> Result | None:
        """What act makes of a file that only evaluates; it has no secret, and no more than a minute."""
        place = folder("github", "runs", run.id, f"words-{node.key.replace('/', '-')}-{time.monotonic_ns()}")
        written = write(place)
        call = self._call(run, written, place, secrets={}, environment=machine.base())
        with (place / "log.json").open("wb") as log:
            subprocess.run(
                call.words,
                env=dict(call.environment),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                check=False,
                timeout=60,
            )
        return result(written)

    def source(self, run: Run) -> Path:
        """Its workflows and actions, unpacked once."""
        place = folder("github", "runs", run.id) / "source"
        with self._unpacking:
            if not place.exists():
                source.unpack(run.trigger.sha, place)
        return place

    def stop(self) -> None:
        """End all of them and let nothing begin: the local cloud is stopped."""
        self._stopping.set()
        in_progress = [
            job for run in self._kept.runs() if run.status != "completed" for job in self._kept.jobs(run.id)
        ]
        in_progress = [job for job in in_progress if job.status == "in_progress" and not job.is_call]
        for job in in_progress:  # also the next daemon is to know, should it be the one that sees the end
            self._kept.change_job(job, why=INTERRUPTED)
        running = [one for one in process.running() if one.name.startswith(_PREFIX)]
        enders = [
            threading.Thread(target=ending.end, args=(one,), kwargs={"interrupt": STOP_SECONDS, "always": 1.0})
            for one in running
        ]
        for ender in enders:
            ender.start()
        for ender in enders:
            ender.join(ending.INTERRUPT_SECONDS + ending.TERMINATE_SECONDS)
        with self._kept.changed:
            self._kept.changed.wait_for(lambda: all(self._kept.job(job.id).over for job in in_progress), timeout=2)

    def end_one(
        self, job: JobRun, conclusion: Conclusion, *, why: str = "", outputs: Mapping[str, str] | None = None
    ) -> None:
        """Write down how it ended, and tell."""
        fields = {"why": why, "waits_for": "", "completed_at": now(), "outputs": dict(outputs or {})}
        ended = self._kept.change_job(job, status="completed", conclusion=conclusion, **fields)
        self._reports.told(self._kept.run(job.run), ended)

    def _is_let_in(self, run: Run, job: JobRun) -> bool:
        """Wait until its environment lets it in; no where that never will be."""
        while True:
            with self._kept.changed:
                job = self._kept.job(job.id)
                if self._is_unwanted(run):
                    self.end_one(job, "cancelled")
                    return False
                refusal, waits_for = self._reports.rules(run, job) if job.environment else ("", "")
                if refusal:
                    self.end_one(job, "failure", why=refusal)
                    return False
                if not waits_for:
                    return True
                if job.status != "waiting":
                    self._kept.change(run, status="waiting")
                    self._reports.told(run, self._kept.change_job(job, status="waiting", waits_for=waits_for))
                self._kept.changed.wait(TIMER_SECONDS)

    def _run(self, run: Run, node: Node, job: JobRun, given: Given, needs: Mapping[str, Result]) -> None:
        if self._is_unwanted(run):
            self.end_one(job, "cancelled")
            return
        place = log_of(job).parent
        body = of_job(node, needs, given, place)
        with self._kept.changed:
            token = tokens.of_job(self._kept.github, run.repository, node.rights, int(run.id))
            job = self._kept.change_job(job, status="in_progress", waits_for="", started_at=now())
            self._kept.change(run, status="in_progress")
            job = self._reports.told(run, job)
        call = self._call(
            run,
            body,
            place,
            secrets=machine.secrets(run, job, node, token),
            environment=machine.given(self._kept.github, run, job, node),
        )
        process.spawn(_name(job), call.words, log=log_of(job), env=call.environment)
        try:
            self._follow(run, node, job)
        finally:
            with self._kept.changed:
                tokens.revoke(self._kept.github, token)

    def _follow(self, run: Run, node: Node, job: JobRun) -> None:
        """Wait for act to end, also one that an earlier daemon has started, while the job may go on and is wanted."""
        until = time.monotonic() + node.job.minutes * 60
        late = False
        while running := process.find(_name(job)):
            late = time.monotonic() > until
            if late or self._kept.run(run.id).cancelled_by:
                ending.end(running, failed=lambda: log.failed(log_of(job), node.job.id))
                break
            time.sleep(LOOK_SECONDS)
        place = log_of(job).parent
        found = result(Written(place / "job.yml", place / "job.json"))
        if running := process.find(_name(job)):
            process.stop(running)
        run = self._kept.run(run.id)
        if self._kept.job(job.id).why == INTERRUPTED or (found is None and not late and not run.cancelled_by):
            self.end_one(job, "cancelled", why=INTERRUPTED)
        elif late:
            self.end_one(job, "timed_out", why=f"it took longer than {node.job.minutes:g} minutes")
        elif run.cancelled_by and (found is None or found.conclusion != "success"):
            self.end_one(job, "cancelled", why=f"cancelled by {run.cancelled_by}")
        else:
            conclusion: Conclusion = "success" if found and found.conclusion == "success" else "failure"
            self.end_one(job, conclusion, outputs=dict(found.outputs) if found else {})

    def _call(
        self,
        run: Run,
        written: Written,
        place: Path,
        *,
        secrets: Mapping[str, str],
        environment: Mapping[str, str],
    ) -> act.Call:
        return act.call(
            ACT.ensure(_log.info),
            file=written.file,
            source=self.source(run),
            scratch=place,
            event=run.trigger.event,
            payload=run.trigger.payload,
            context=machine.context(run),
            secrets=secrets,
            variables=machine.variables(),
            environment=environment,
        )

    def _is_unwanted(self, run: Run) -> bool:
        return bool(self._kept.run(run.id).cancelled_by) or self._stopping.is_set()


_PREFIX = "job-"


def _name(job: JobRun) -> str:
    return f"{_PREFIX}{job.id}-{job.attempt}"
