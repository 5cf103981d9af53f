"""A service's deploys as Render tells them: which one is live, what each runs, and those that run still."""

from __future__ import annotations

from collections.abc import Collection

from pulumi_plugin.values import Values
from render_api.errors import NotFound, RefusedError
from render_provider.provider.task import Task

RUNNING = frozenset(
    {"created", "queued", "build_in_progress", "pre_deploy_in_progress", "update_in_progress"}
)  # `deactivated` was live, and a newer one is now
FAILED = frozenset({"build_failed", "update_failed", "pre_deploy_failed", "canceled"})
BUDGET = 3 * 3600  # Render's own: a build of 2 h, a pre-deploy of 30 min, a rollout of 15 min


def newest(task: Task, service: str) -> list[Values]:
    """The newest deploys, the newest first."""
    page = task.client.get(f"/services/{service}/deploys", {"limit": 20}) or []
    return [item.get("deploy", item) for item in page]


def live(task: Task, service: str) -> Values | None:
    """The deploy that serves."""
    return next((deploy for deploy in newest(task, service) if deploy["status"] == "live"), None)


def one(task: Task, service: str, deploy_id: str | None) -> Values:
    """That deploy, or the newest; nothing where there is none."""
    if not deploy_id:
        return next(iter(newest(task, service)), {})
    try:
        deploy: Values = task.client.get(f"/services/{service}/deploys/{deploy_id}")
    except NotFound:
        return {}
    return deploy


def end_running(task: Task, service: str) -> None:
    """Cancel what would come between."""
    if service.startswith("crn-"):
        return  # Render cannot cancel those
    for deploy in newest(task, service):
        if deploy["status"] in RUNNING:
            path = f"/services/{service}/deploys/{deploy['id']}"
            task.say(f"cancelling deploy {deploy['id']}, which is {deploy['status'].replace('_', ' ')}")
            try:
                task.client.post(f"{path}/cancel", repeatable=True)
            except RefusedError:
                if task.client.get(path)["status"] in RUNNING:
                    raise


def started(task: Task, service: str, seen: Collection[str], *, limit: float, trigger: str = "api") -> Values | None:
    """The deploy that has appeared since; nothing when none does within so many seconds."""
    clock = task.client.clock
    end = clock.now() + limit
    while True:
        for deploy in newest(task, service):
            if deploy["id"] not in seen and deploy.get("trigger", trigger) == trigger:
                return deploy
        if clock.now() > end:
            return None
        clock.sleep(1)


def wait_until_over(task: Task, service: str, deploy_id: str, *, what: str = "deploy") -> Values:
    """The deploy once it is live or has failed."""
    path = f"/services/{service}/deploys/{deploy_id}"
    deploy: Values = task.wait(
        what,
        lambda: task.client.get(path),
        lambda deploy: deploy["status"] not in RUNNING,
        limit=BUDGET,
        status=lambda deploy: str(deploy["status"]).replace("_", " "),
    )
    return deploy


def commit(deploy: Values) -> str:
    """What was built."""
    return str((deploy.get("commit") or {}).get("id") or "")


def image(deploy: Values) -> str:
    """What was pulled, with its digest as far as Render tells it."""
    told = deploy.get("image") or {}
    ref, sha = str(told.get("ref") or ""), str(told.get("sha") or "")
    return f"{ref}@{sha}" if ref and sha and "@" not in ref else ref


def version(deploy: Values) -> str:
    """The commit or the image's digest: by it a release is told from another."""
    return commit(deploy) or image(deploy).partition("@")[2]


def named(deploy: Values) -> str:
    """For people: its id and what it runs."""
    return f"{deploy['id']} ({version(deploy)[:19] or 'of unknown version'})"
