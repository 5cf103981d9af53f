"""How runs come to be: an event of the repository, or somebody who asks; and how they end with the daemon."""

from __future__ import annotations

import logging
import queue
import threading
from typing import Any
from weakref import WeakKeyDictionary

from localcloud.github.api.errors import ApiError, NotFoundError
from localcloud.github.events import Event
from localcloud.github.runs import source
from localcloud.github.runs.jobs import Jobs
from localcloud.github.runs.kept import Kept
from localcloud.github.runs.model import JobRun, Run, Trigger
from localcloud.github.runs.places import Places
from localcloud.github.runs.reports import Reports
from localcloud.github.runs.runner import Runner
from localcloud.github.runs.triggers import Happened, starts
from localcloud.github.runs.workflow import Workflow, WorkflowError, read
from localcloud.github.store import GitHub, Record, now

DISPATCH = "workflow_dispatch"
SWITCH = "runs"
ZERO = "0" * 40

_log = logging.getLogger(__name__)
_RUNS: WeakKeyDictionary[GitHub, Any] = WeakKeyDictionary()


class Switch(Record):
    """Whether what happens starts runs: a first `git push` must not surprise anybody with an hour of tests."""

    kind = "switch"

    on: bool = False


def of(github: GitHub) -> Runs:
    """Those of that GitHub; 404 where no runner was begun, as in a test of another part."""
    found: Runs | None = _RUNS.get(github)
    if found is None:
        raise NotFoundError
    return found


class Runs:
    """The runner of this machine, as long as its daemon runs."""

    def __init__(self, github: GitHub) -> None:
        self._github = github
        self.kept = Kept(github)
        places = Places(self.kept.changed)
        self._reports = Reports(self.kept)
        self.jobs = Jobs(self.kept, places, self._reports)
        self._runner = Runner(self.kept, places, self.jobs)
        self._events: queue.Queue[Event] = queue.Queue()
        _RUNS[github] = self

    def begin(self) -> None:
        """Take up what an earlier daemon has left, and listen."""
        for run in self.kept.runs():
            if run.status != "completed":
                self._runner.start(run)
        self._github.events.subscribe(self._events.put)
        threading.Thread(target=self._listen, name="runs", daemon=True).start()

    def end(self) -> None:
        """Have every job over: the local cloud is stopped."""
        self.jobs.stop()

    @property
    def on(self) -> bool:
        """Whether events start runs."""
        with self.kept.changed:
            found = self._github.store.get(Switch, SWITCH)
        return bool(found and found.on)

    def switch(self, *, on: bool) -> None:
        """From now on."""
        with self.kept.changed:
            self._github.store.put(Switch(id=SWITCH, on=on))

    def cancel(self, run: Run, who: str) -> None:
        """Ask for its end."""
        self._runner.cancel(run, who)

    def rerun(self, run: Run, *, failed_only: bool = False) -> Run:
        """Once more, as a new attempt: all of it, or what has failed and what needs that."""
        if run.status != "completed":
            raise ApiError(403, "This workflow is already running")
        self._reports.forget_reviews(run)
        again = [job for job in self.kept.jobs(run.id) if not (failed_only and job.conclusion == "success")]
        with self.kept.changed:
            for job in again:
                self.kept.change_job(job, **_fresh(job.attempt + 1))
            begun = self.kept.change(
                run,
                status="queued",
                conclusion=None,
                cancelled_by="",
                why="",
                attempt=run.attempt + 1,
                started_at=now(),
            )
        self._runner.start(begun)
        return begun

    def dispatch(self, event: Event) -> Run:
        """Start the workflow that an event names: it was asked for, so also where events start nothing."""
        file = f"{source.DECLARED}/workflows/{event.workflow}"
        text = source.read(event.sha, file)
        if text is None:
            raise NotFoundError
        try:
            workflow = read(file, text)
        except WorkflowError as error:
            raise ApiError(422, str(error)) from error
        if event.name == DISPATCH and DISPATCH not in workflow.triggers:
            raise ApiError(422, f"Workflow does not have '{DISPATCH}' trigger")
        return self._start(workflow, event)

    def _listen(self) -> None:
        while True:
            event = self._events.get()
            try:
                self._hear(event)
            except Exception:  # noqa: BLE001 - the next event is listened to, whatever this one was
                _log.exception("cannot start runs for %s %s", event.name, event.ref)

    def _hear(self, event: Event) -> None:
        if event.workflow:
            self.dispatch(event)
            return
        if not self.on or event.by_job or event.sha == ZERO:
            return
        happened = Happened(event.name, _of_filters(event), event.action or "", source.paths(event.payload))
        for file in source.workflows(event.sha):
            text = source.read(event.sha, file) or ""
            try:
                workflow = read(file, text)
            except WorkflowError as error:
                if event.name == "push":  # GitHub shows it with every push, whatever the file was to be started by
                    self._add(file, file, event, status="completed", conclusion="startup_failure", why=str(error))
                continue
            if starts(workflow, happened):
                self._start(workflow, event)

    def _start(self, workflow: Workflow, event: Event) -> Run:
        run = self._add(workflow.name, workflow.file, event)
        self._runner.start(run)
        return run

    def _add(self, name: str, file: str, event: Event, **more: Any) -> Run:
        trigger = Trigger(
            event=event.name,
            action=event.action or "",
            ref=event.ref,
            sha=event.sha,
            head_sha=event.head_sha or event.sha,
            actor=event.actor,
            head_ref=event.head_ref,
            base_ref=event.base_ref,
            number=event.number,
            fork=event.from_fork,
            payload={**event.payload, **({"inputs": event.inputs} if event.inputs else {})},
        )
        return self.kept.add(repository=event.repository, name=name, file=file, trigger=trigger, **more)


def _of_filters(event: Event) -> str:
    """What the filters for branches look at: of a pull request its base."""
    return f"refs/heads/{event.base_ref}" if event.base_ref else event.ref


def _fresh(attempt: int) -> dict[str, Any]:
    """A job as it is before it was ever run."""
    new = JobRun(id="", run="", key="", name="", attempt=attempt)
    kept = ("id", "run", "key", "name", "is_call")
    return {name: value for name, value in new.model_dump().items() if name not in kept}
