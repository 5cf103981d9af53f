"""Carries out a run: waits for its turn, starts each job when those that it needs are over, and says how it ended."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

from localcloud.github.runs import plan, source
from localcloud.github.runs.derived import Given, Result, has_expression, of_outputs, of_words
from localcloud.github.runs.jobs import Jobs
from localcloud.github.runs.kept import Kept
from localcloud.github.runs.model import Conclusion, JobRun, Run, concluded
from localcloud.github.runs.places import Places
from localcloud.github.runs.plan import Node
from localcloud.github.runs.workflow import Concurrency, Job, WorkflowError, read
from localcloud.github.store import now

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Begun:
    """A run in progress, with what its file says."""

    run: Run
    nodes: Mapping[str, Node]


class Runner:
    """Every run has a thread, and every job that is started one more."""

    def __init__(self, kept: Kept, places: Places, jobs: Jobs) -> None:
        self._kept, self._places, self._jobs = kept, places, jobs

    def start(self, run: Run) -> None:
        """Carry it out in the background, from where it stands."""
        threading.Thread(target=self._carry_out, args=(run,), name=f"run-{run.id}", daemon=True).start()

    def _carry_out(self, run: Run) -> None:
        try:
            begun = self._begin(run)
        except WorkflowError as error:
            self._conclude(run, "startup_failure", str(error))
            return
        try:
            group = self._group(begun)
            if group is None:
                self._work(begun)
            elif self._enter(begun, group):
                try:
                    self._work(begun)
                finally:
                    self._places.leave(group.group, run.id)
            else:
                self._leave_out(begun)
            self._conclude(run, concluded(self._kept.jobs(run.id)))
        except Exception:  # noqa: BLE001 - whatever it is, the run has an end
            _log.exception("run %s failed", run.id)
            self._conclude(run, "failure", "the runner itself failed: ./slipway local logs github")

    def _begin(self, run: Run) -> Begun:
        """Its file as it was at its commit, and a record for each of its jobs."""
        sha = run.trigger.sha
        text = source.read(sha, run.file)
        if text is None:
            raise WorkflowError(f"{run.file} is not in {sha[:12]}")
        nodes = plan.of(read(run.file, text), lambda path: source.read(sha, path), fork=run.trigger.fork)
        there = {job.key for job in self._kept.jobs(run.id)}
        for node in nodes.values():
            if node.key not in there:
                self._kept.add_job(run=run.id, key=node.key, name=node.name, is_call=bool(node.called))
        return Begun(run, nodes)

    def _group(self, begun: Begun) -> Concurrency | None:
        """The place that the whole run takes, with its expressions evaluated."""
        workflow = next(iter(begun.nodes.values())).workflow
        return self._evaluated(begun, Node("run", Job("run", {}), workflow, {}), workflow.concurrency, {})

    def _enter(self, begun: Begun, group: Concurrency) -> bool:
        run = self._kept.change(begun.run, status="pending")
        return self._places.enter(
            group.group,
            run.id,
            cancel=self._displace if group.cancels else None,
            goes_on=lambda: not self._kept.run(run.id).cancelled_by,
        )

    def _displace(self, holder: str, who: str) -> None:
        self.cancel(self._kept.run(holder), f"run {who} of the same group")

    def cancel(self, run: Run, who: str) -> None:
        """Ask for its end; whoever follows a job that runs tells it."""
        with self._kept.changed:
            if self._kept.run(run.id).status == "completed":
                return
            self._kept.change(run, cancelled_by=who)

    def _leave_out(self, begun: Begun) -> None:
        """A newer one waits in its stead, or nobody wants it any more."""
        self._kept.change(
            begun.run, cancelled_by=self._kept.run(begun.run.id).cancelled_by or "a newer run that waits"
        )
        for job in self._kept.jobs(begun.run.id):
            self._end(job, "cancelled")

    def _work(self, begun: Begun) -> None:
        self._kept.change(begun.run, status="in_progress")
        begun_jobs: set[str] = set()
        while True:
            with self._kept.changed:
                jobs = {job.key: job for job in self._kept.jobs(begun.run.id)}
                if all(job.over for job in jobs.values()):
                    return
                ready = [node for node in begun.nodes.values() if self._is_ready(node, jobs, begun_jobs)]
                if not ready:
                    self._kept.changed.wait()
                    continue
            for node in ready:
                begun_jobs.add(node.key)
                words = (begun, node, jobs[node.key])
                threading.Thread(target=self._job, args=words, name=f"job-{node.key}", daemon=True).start()

    def _is_ready(self, node: Node, jobs: Mapping[str, JobRun], begun: set[str]) -> bool:
        if node.key in begun or jobs[node.key].over:
            return False
        if node.caller and jobs[node.caller].status == "queued":
            return False
        return all(jobs[need].over for need in node.needs)

    def _job(self, begun: Begun, node: Node, job: JobRun) -> None:
        try:
            if node.called:
                self._call(begun, node, job)
            else:
                self._jobs.carry_out(begun.run, node, job, self._given(begun, node), self._needs(node, begun))
        except Exception:  # noqa: BLE001 - whatever it is, the job has an end
            _log.exception("job %s of run %s failed", node.key, begun.run.id)
            self._end(job, "failure", why="the runner itself failed: ./slipway local logs github")

    def _call(self, begun: Begun, node: Node, job: JobRun) -> None:
        """Open the called workflow, and once its jobs are over say what it puts out."""
        needs = self._needs(node, begun)
        words = self._jobs.words(begun.run, node, needs, self._given(begun, node), {})
        if words is None or self._kept.run(begun.run.id).cancelled_by:
            conclusion: Conclusion = "skipped" if words is None else "cancelled"
            for key in node.called:
                self._end(self._by_key(begun, key), conclusion)
            self._end(job, conclusion)
            return
        self._kept.change_job(job, status="in_progress", started_at=now())
        with self._kept.changed:
            while not all(self._by_key(begun, key).over for key in node.called):
                self._kept.changed.wait()
            called = {key: self._by_key(begun, key) for key in node.called}
        given = Given(self._jobs.source(begun.run), node, needs)
        results = {key: replace(one.result, needs=begun.nodes[key].needs) for key, one in called.items()}
        out = self._jobs.evaluated(begun.run, node, lambda folder: of_outputs(node, results, given, folder))
        self._end(job, concluded([*called.values()]), outputs=dict(out.outputs) if out else {})

    def _given(self, begun: Begun, node: Node) -> Given:
        call = begun.nodes[node.caller] if node.caller else None
        return Given(self._jobs.source(begun.run), call, self._needs(call, begun) if call else {})

    def _needs(self, node: Node, begun: Begun) -> dict[str, Result]:
        """How all ended that came before it, not only what it names itself."""
        found: dict[str, Result] = {}
        left = [*node.needs]
        while left:
            need = left.pop()
            if need not in found:
                needs = begun.nodes[need].needs
                found[need] = replace(self._by_key(begun, need).result, needs=needs)
                left += needs
        return found

    def _by_key(self, begun: Begun, key: str) -> JobRun:
        return next(job for job in self._kept.jobs(begun.run.id) if job.key == key)

    def _evaluated(
        self, begun: Begun, node: Node, said: Concurrency | None, needs: Mapping[str, Result]
    ) -> Concurrency | None:
        if said is None or not has_expression(said.group, said.cancels):
            return said
        words = {"group": said.group, "cancels": str(said.cancels)}
        given = Given(self._jobs.source(begun.run))
        found = self._jobs.evaluated(begun.run, node, lambda folder: of_words(node, needs, given, words, folder))
        if found is None or not found.outputs.get("group"):
            raise WorkflowError(f"{node.workflow.file}: the group {said.group} says nothing")
        return Concurrency(found.outputs["group"], found.outputs["cancels"].lower() == "true")

    def _end(
        self, job: JobRun, conclusion: Conclusion, *, why: str = "", outputs: Mapping[str, str] | None = None
    ) -> None:
        self._jobs.end_one(job, conclusion, why=why, outputs=outputs)

    def _conclude(self, run: Run, conclusion: Conclusion, why: str = "") -> None:
        self._kept.change(run, status="completed", conclusion=conclusion, why=why)
