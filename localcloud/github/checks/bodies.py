"""Check runs and suites as GitHub writes them."""

from __future__ import annotations

from typing import Any

from localcloud.github.api.call import Body
from localcloud.github.checks.model import GOOD, CheckRun, CheckSuite, Conclusion, Progress
from localcloud.github.commits.model import read
from localcloud.github.pulls.model import Pull
from localcloud.github.repositories.bodies import html_url, repository_body, url
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, node_id
from localcloud.github.users.bodies import user_named

APP = 15368  # GitHub Actions
SLUG = "github-actions"


class OutputBody(Body):
    """What a check says at length; annotations are not kept."""

    title: str | None = None
    summary: str | None = None
    text: str | None = None


class CheckRunPatch(Body):
    """PATCH of one."""

    name: str | None = None
    details_url: str | None = None
    external_id: str | None = None
    status: Progress | None = None
    started_at: str | None = None
    conclusion: Conclusion | None = None
    completed_at: str | None = None
    output: OutputBody | None = None


class CheckRunPost(CheckRunPatch):
    """POST of one."""

    name: str
    head_sha: str


def app_body(github: GitHub) -> dict[str, Any]:
    """The app that runs workflows: the only one on this machine."""
    moment = "2018-07-30T09:30:17Z"
    return {
        "id": APP,
        "slug": SLUG,
        "client_id": "Iv1.05c79e9ad1f6bdfa",
        "node_id": node_id("A", APP),
        "owner": user_named(github, "github"),
        "name": "GitHub Actions",
        "description": "Automate your workflow from idea to production",
        "external_url": "https://help.github.com/en/actions",
        "html_url": "https://github.com/apps/github-actions",
        "created_at": moment,
        "updated_at": moment,
        "permissions": {"actions": "write", "checks": "write", "contents": "write"},
        "events": ["push", "pull_request"],
    }


def check_run_body(github: GitHub, run: CheckRun) -> dict[str, Any]:
    """A check run."""
    repository = github.store.find(Repository, run.repository)
    address = f"{url(repository)}/check-runs/{run.number}"
    annotations = {"annotations_count": 0, "annotations_url": f"{address}/annotations"}
    return {
        "id": run.number,
        "name": run.name,
        "node_id": node_id("CR", run.number),
        "head_sha": run.head_sha,
        "external_id": run.external_id,
        "url": address,
        "html_url": f"{html_url(repository)}/runs/{run.number}",
        "details_url": run.details_url or f"{html_url(repository)}/runs/{run.number}",
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": run.started_at,
        "completed_at": run.completed_at,
        "output": {**run.output.model_dump(), **annotations},
        "check_suite": {"id": run.suite},
        "app": app_body(github),
        "pull_requests": _pulls(github, repository, run.head_sha),
    }


def check_suite_body(github: GitHub, suite: CheckSuite) -> dict[str, Any]:
    """A suite: done when all of its runs are, and as bad as the worst of them."""
    repository = github.store.find(Repository, suite.repository)
    runs = github.store.all(CheckRun, lambda one: one.suite == suite.number)
    done = bool(runs) and all(run.status == "completed" for run in runs)
    bad = next((run.conclusion for run in runs if run.conclusion not in GOOD), "success")
    address = f"{url(repository)}/check-suites/{suite.number}"
    return {
        "id": suite.number,
        "node_id": node_id("CS", suite.number),
        "head_branch": suite.head_branch,
        "head_sha": suite.head_sha,
        "status": "completed" if done else "in_progress" if runs else "queued",
        "conclusion": bad if done else None,
        "url": address,
        "before": None,
        "after": suite.head_sha,
        "pull_requests": _pulls(github, repository, suite.head_sha),
        "app": app_body(github),
        "repository": repository_body(github, repository),
        "created_at": suite.created_at,
        "updated_at": suite.created_at,
        "head_commit": _head_commit(suite),
        "latest_check_runs_count": len(runs),
        "check_runs_url": f"{address}/check-runs",
    }


def _head_commit(suite: CheckSuite) -> dict[str, Any]:
    commit = read(suite.head_sha)
    return {
        "id": commit.sha,
        "tree_id": commit.tree,
        "message": commit.message,
        "timestamp": commit.committer.date,
        "author": {"name": commit.author.name, "email": commit.author.email},
        "committer": {"name": commit.committer.name, "email": commit.committer.email},
    }


def _pulls(github: GitHub, repository: Repository, sha: str) -> list[dict[str, Any]]:
    short = {"id": repository.number, "url": url(repository), "name": repository.name}
    return [
        {
            "url": f"{url(repository)}/pulls/{pull.number}",
            "id": repository.number * 100_000 + pull.number,
            "number": pull.number,
            "head": {"ref": pull.head_ref, "sha": pull.head_sha, "repo": short},
            "base": {"ref": pull.base_ref, "sha": pull.base_sha, "repo": short},
        }
        for pull in github.store.all(Pull, lambda one: one.repository == repository.id)
        if pull.head_sha == sha and not pull.from_fork and pull.merged_at is None
    ]
