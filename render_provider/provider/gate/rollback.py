"""The way back to the release before. https://api-docs.render.com/reference/rollback-deploy

Render takes the variables, command, health path, instance count and set of env groups of the deploy that is gone back
to, and of the groups what they hold now; it pulls the image again, and leaves the service's own settings as they are
(https://render.com/docs/rollbacks).
"""

from __future__ import annotations

from collections.abc import Callable

from pulumi_plugin.values import Values
from render_api.errors import RefusedError, RenderError, UnknownOutcomeError
from render_provider.provider import deploys
from render_provider.provider.gate import own
from render_provider.provider.logs import brief, last_lines
from render_provider.provider.task import Task


def release_before(task: Task, service: str, refused: Values, live: Values | None, passed_id: str) -> Values | None:
    """What to go back to: what was live before, if it was not a release of ours that never passed its gate.

    Such a one is live after an interruption; then it is the last that passed (`passed_id`).
    """
    passed = deploys.one(task, service, passed_id) if passed_id else {}
    is_other = live and deploys.version(live) != deploys.version(refused)
    if live and (live["id"] == passed_id or (is_other and live.get("trigger") != "api")):
        return live
    if passed.get("status") in ("live", "deactivated"):
        return passed
    return live if is_other else None


def go_back(
    task: Task, service: str, target: Values, *, variable: str | None, verify: Callable[[Values], None]
) -> Values:
    """The deploy that has brought it back, live and verified; `RenderError` when it does not come."""
    task.warn(f"going back to {deploys.named(target)}")
    own.declare(task, service, deploys.image(target), variable, deploys.version(target))
    rolled = deploys.wait_until_over(task, service, _start(task, service, target)["id"], what="rollback")
    if rolled["status"] in deploys.FAILED:
        lines = "".join(f"\n  {line}" for line in brief(last_lines(task, service, rolled)))
        raise RenderError(f"rollback {rolled['id']}", str(rolled["status"]).replace("_", " ") + lines)
    verify(rolled)
    return rolled


def _start(task: Task, service: str, target: Values) -> Values:
    path, body = f"/services/{service}/rollback", {"deployId": target["id"]}
    deploys.end_running(task, service)
    seen = {deploy["id"] for deploy in deploys.newest(task, service)}
    try:
        rolled = task.client.post(path, body)
    except UnknownOutcomeError:
        rolled = deploys.started(task, service, seen, limit=5, trigger="rollback") or task.client.post(path, body)
    except RefusedError as error:
        if not deploys.image(target):
            raise
        task.note(f"Render does not roll back ({error.reason}): deploying that image instead")
        path, body = f"/services/{service}/deploys", {"imageUrl": deploys.image(target)}
        rolled = task.client.post(path, body)
    rolled = rolled or deploys.started(task, service, seen, limit=120, trigger="rollback")
    if rolled is None:
        raise RenderError(f"rollback to {target['id']}", "Render took it and then showed none")
    return dict(rolled)
