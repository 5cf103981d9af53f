"""What GitHub tells of a job beside its log: a check run at the commit, a deployment at its environment."""

from __future__ import annotations

from localcloud.github.checks import life as checks
from localcloud.github.checks.model import CheckRun, CheckSuite, new_suite
from localcloud.github.deployments import life as deployments
from localcloud.github.deployments.bodies import DeploymentPost, StatusPost
from localcloud.github.deployments.model import Deployment
from localcloud.github.environments import approvals
from localcloud.github.environments.model import environment_of, may_deploy
from localcloud.github.repositories.bodies import html_url
from localcloud.github.repositories.model import Repository
from localcloud.github.runs.derived import URL
from localcloud.github.runs.kept import Kept
from localcloud.github.runs.model import JobRun, Run
from localcloud.github.users.model import BOT

STEPS = {"success": "success", "skipped": "inactive", "cancelled": "inactive"}


class Reports:
    """Written under the lock of everything else."""

    def __init__(self, kept: Kept) -> None:
        self._kept, self._github = kept, kept.github

    def told(self, run: Run, job: JobRun) -> JobRun:
        """Bring both up to date; the job with their numbers."""
        if job.is_call:
            return job
        with self._kept.changed:
            if job.over:
                approvals.give_up(self._github, int(job.id))
            return self._deployed(run, self._checked(run, job))

    def _checked(self, run: Run, job: JobRun) -> JobRun:
        repository = self._repository(run)
        found = self._github.store.get(CheckRun, str(job.check)) if job.check else None
        if found is None:
            suite = self._suite(run, repository)
            link = f"{html_url(repository)}/actions/runs/{run.id}/job/{job.id}"
            found = checks.create(
                self._github, repository, suite, job.name, external_id=job.id, details_url=link, status="queued"
            )
            job = self._kept.change_job(job, check=found.number)
        checks.change(self._github, found, status=job.status, conclusion=job.conclusion)
        return job

    def _suite(self, run: Run, repository: Repository) -> CheckSuite:
        for other in self._kept.jobs(run.id):
            if other.check and (found := self._github.store.get(CheckRun, str(other.check))):
                return self._github.store.find(CheckSuite, str(found.suite))
        branch = run.trigger.head_ref or run.trigger.ref.removeprefix("refs/heads/")
        return new_suite(self._github, repository, run.trigger.head_sha, branch)

    def _deployed(self, run: Run, job: JobRun) -> JobRun:
        if not job.environment or (job.deployment is None and job.status != "in_progress"):
            return job
        if job.deployment is None:
            want = DeploymentPost(
                ref=run.trigger.sha, environment=job.environment, auto_merge=False, required_contexts=[]
            )
            made = deployments.create(self._github, self._repository(run), want, BOT, by_job=True)
            job = self._kept.change_job(job, deployment=made.number)
        deployment = self._github.store.find(Deployment, str(job.deployment))
        state = STEPS.get(job.conclusion or "", "failure") if job.over else "in_progress"
        step = StatusPost.model_validate({"state": state, "environment_url": job.outputs.get(URL, "")})
        deployments.add_status(self._github, deployment, step, BOT, by_job=True)
        return job

    def rules(self, run: Run, job: JobRun) -> tuple[str, str]:
        """Why its environment never lets the job in, or empty; and whom it waits for, or empty."""
        with self._kept.changed:
            repository = self._repository(run)
            environment = environment_of(self._github, repository, job.environment)
            if environment is None:
                return "", ""
            if not may_deploy(self._github, repository, environment, run.trigger.ref):
                name = run.trigger.ref.removeprefix("refs/heads/")
                why = f'Branch "{name}" is not allowed to deploy to {environment.name}'
                return f"{why} due to environment protection rules.", ""
            pending = approvals.wait(self._github, environment, int(run.id), int(job.id), run.trigger.actor)
            state = approvals.state_of(self._github, pending)
            if state == "rejected":
                return f"{pending.by} has rejected the deployment: {pending.comment}", ""
            return "", "" if state == "approved" else ", ".join(environment.reviewers) or "its timer"

    def forget_reviews(self, run: Run) -> None:
        """A new attempt asks anew."""
        with self._kept.changed:
            for pending in self._github.store.all(approvals.Pending, lambda one: one.run_id == int(run.id)):
                self._github.store.remove(pending)

    def _repository(self, run: Run) -> Repository:
        return self._github.store.find(Repository, run.repository.lower())
