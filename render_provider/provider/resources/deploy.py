"""A deploy that is waited for. https://api-docs.render.com/reference/create-deploy"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from pulumi_plugin.values import Values
from render_api.errors import NotFound, RefusedError, RenderError, UnknownOutcomeError
from render_provider.provider.logs import brief, last_lines
from render_provider.provider.probe import fetch, shortened
from render_provider.provider.resource import Actual, Change, Inputs, Outputs, Resource
from render_provider.provider.services import explained
from render_provider.provider.task import Task
from render_provider.provider.verify import Kind, Probe, WrongAnswerError, wait_until_shown

RUNNING = frozenset(
    {"created", "queued", "build_in_progress", "pre_deploy_in_progress", "update_in_progress"}
)  # `deactivated` was live, and a newer one is now
FAILED = frozenset({"build_failed", "update_failed", "pre_deploy_failed", "canceled"})
_NO_IMAGE = re.compile(r"(cannot|could not|failed to|unable to) pull|not found|no such image|unknown", re.IGNORECASE)
BUDGET = 3 * 3600  # Render's own: a build of 2 h, a pre-deploy of 30 min, a rollout of 15 min


class DeployInputs(Inputs):
    """Any change of these starts a deploy, which is waited for."""

    service_id: str
    """The service."""
    image_url: str | None = None
    """The image to deploy; the service's own when unset."""
    triggers: dict[str, Any] | None = None
    """Whatever else is to start a deploy when it changes, by any name: what the service itself does not show."""
    verify_url: str | None = None
    """The public address that has to show the deploy before it is done."""
    verify_text: str | None = None
    """What the answer of `verify_url` has to contain; the deployed commit or image digest when unset."""


class DeployOutputs(Outputs):
    """What Render tells of the deploy."""

    deploy_id: str
    """Render's own id, `dep-…`."""
    status: str
    """`live`, `deactivated` once a newer one is, or `suspended` when there was none."""
    commit: str
    """What was built."""
    image_url: str
    """What was pulled."""
    url: str
    """The service's address, if it has one."""


class Deploy(Resource[DeployInputs]):
    """A deploy of a service, waited for until it is live and, with `verify_url`, answering.

    Its id is the service's. Removing it leaves the service as it runs. A suspended service is not deployed.
    """

    type_ = "render:index:Deploy"
    import_id = "srv-…"
    inputs = DeployInputs
    outputs = DeployOutputs
    volatile = frozenset(DeployOutputs.names())
    replace_on = frozenset({"serviceId"})
    delete_first = False
    resets: ClassVar[Mapping[str, Any]] = {"imageUrl": None, "triggers": {}, "verifyUrl": None, "verifyText": None}

    def __init__(self, probe: Probe = fetch) -> None:
        self._probe = probe

    def stale(self, state: Values) -> frozenset[str]:
        return frozenset({"status"}) if state.get("status") in FAILED else frozenset()

    def create(self, task: Task, want: DeployInputs) -> str:
        service = task.client.get(f"/services/{want.service_id}")
        if service.get("suspended") == "suspended":
            self._skip(task, service["name"])
            return want.service_id
        if want.verify_url:
            task.kept["before"] = self._probe(want.verify_url)
        self._end_running(task, want.service_id)
        path, seen = (
            f"/services/{want.service_id}/deploys",
            {deploy["id"] for deploy in _newest(task, want.service_id)},
        )
        body = {"imageUrl": want.image_url} if want.image_url else {}
        try:
            deploy = task.client.post(path, body)
        except UnknownOutcomeError:
            task.note("no answer from Render to the deploy: looking whether it was started")
            deploy = self._started(task, want.service_id, seen, limit=5) or task.client.post(path, body)
        except RefusedError as error:
            if "suspended" in error.reason:
                self._skip(task, service["name"])
                return want.service_id
            raise explained(error, service.get("repo")) from error
        # a 202 has no body: the deploy waits behind another one
        deploy = deploy or self._started(task, want.service_id, seen, limit=120)
        if deploy is None:
            raise RenderError(f"deploy of {service['name']}", "Render took it and then showed none", hint="pulumi up")
        task.kept["deploy"] = deploy["id"]
        return want.service_id

    def settle(self, task: Task, key: str, want: DeployInputs) -> None:
        if "deploy" not in task.kept:
            return
        path = f"/services/{key}/deploys/{task.kept['deploy']}"
        deploy = task.wait(
            "deploy",
            lambda: task.client.get(path),
            lambda deploy: deploy["status"] not in RUNNING,
            limit=BUDGET,
            status=lambda deploy: str(deploy["status"]).replace("_", " "),
        )
        if deploy["status"] in FAILED:
            service = task.client.get(f"/services/{key}")
            lines = last_lines(task, key, deploy)
            raise RenderError(
                f"deploy {deploy['id']} of {service['name']} failed",
                deploy["status"].replace("_", " ") + _told(lines),
                hint=f"the release before it keeps serving; {_cure(deploy, lines)} ({_page(service)})",
            )
        if want.verify_url and not self._maintained(task, key):
            self._verify(task, want.verify_url, want.verify_text or _commit(deploy) or _digest(deploy), deploy, key)

    def read(self, task: Task, key: str, known: Values) -> Actual:
        service = task.client.get(f"/services/{key}")
        deploy = self._deploy(task, key, task.kept.get("deploy") or known.get("deployId"))
        skipped = "suspended" if task.kept.get("skipped") else None
        outputs = {
            "deployId": deploy.get("id", ""),
            "status": skipped or deploy.get("status", ""),
            "commit": _commit(deploy),
            "imageUrl": (deploy.get("image") or {}).get("ref") or service.get("imagePath") or "",
            "url": (service.get("serviceDetails") or {}).get("url") or "",
        }
        return Actual({"serviceId": key}, outputs)

    def update(self, task: Task, key: str, want: DeployInputs, change: Change) -> None:
        self.create(task, want)

    def delete(self, task: Task, key: str, state: Values) -> None:
        """A deploy cannot be undone by forgetting it."""

    def _skip(self, task: Task, name: str) -> None:
        task.kept["skipped"] = True
        task.warn(f"{name} is suspended: not deployed. Resuming it starts a deploy of its own")

    def _maintained(self, task: Task, key: str) -> bool:
        """Whether Render itself answers for the service until somebody ends that: no release is seen."""
        service = task.client.get(f"/services/{key}")
        mode = (service.get("serviceDetails") or {}).get("maintenanceMode") or {}
        if mode.get("enabled"):
            task.warn(f"{service['name']} is in maintenance mode, so nobody sees what is live now: {_page(service)}")
        return bool(mode.get("enabled"))

    def _end_running(self, task: Task, service: str) -> None:
        if service.startswith("crn-"):
            return  # Render cannot cancel those
        for deploy in _newest(task, service):
            if deploy["status"] in RUNNING:
                path = f"/services/{service}/deploys/{deploy['id']}"
                task.say(f"cancelling deploy {deploy['id']}, which is {deploy['status'].replace('_', ' ')}")
                try:
                    task.client.post(f"{path}/cancel", repeatable=True)
                except RefusedError:
                    if task.client.get(path)["status"] in RUNNING:
                        raise

    def _started(self, task: Task, service: str, seen: set[str], *, limit: float) -> Values | None:
        clock = task.client.clock
        end = clock.now() + limit
        while True:
            for deploy in _newest(task, service):
                if deploy["id"] not in seen and deploy.get("trigger", "api") == "api":
                    return deploy
            if clock.now() > end:
                return None
            clock.sleep(1)

    def _deploy(self, task: Task, service: str, deploy_id: str | None) -> Values:
        if deploy_id:
            try:
                deploy: Values = task.client.get(f"/services/{service}/deploys/{deploy_id}")
            except NotFound:
                return {}
            return deploy
        return next(iter(_newest(task, service)), {})

    def _verify(self, task: Task, url: str, text: str, deploy: Values, key: str) -> None:
        if not text:
            raise RenderError(
                f"cannot verify {url}", "the deploy names neither commit nor digest", hint="set verify_text"
            )
        try:
            wait_until_shown(task, self._probe, url, text, task.kept.get("before"))
        except WrongAnswerError as wrong:
            service = task.client.get(f"/services/{key}")
            lines = [] if wrong.kind is Kind.OLD else last_lines(task, key, deploy)
            body = shortened(wrong.answer.text)
            raise RenderError(
                f"deploy {deploy['id']} of {service['name']} is live, but {url} does not show {text[:19]}",
                f"{wrong}" + (f": {body}" if body else "") + _told(brief(lines)),
                hint="mend this and run `pulumi up` again, or go back to the release before it with Rollback at "
                f"{_page(service)}",
            ) from wrong


def _told(lines: list[str]) -> str:
    return ":\n" + "\n".join(f"  {line}" for line in lines) if lines else ""


def _cure(deploy: Values, lines: list[str]) -> str:
    """What to do about a failed deploy: `pulumi up` itself brings an image back that its registry has lost."""
    repository = str((deploy.get("image") or {}).get("ref") or "").partition("@")[0]
    if repository and any(repository in line and _NO_IMAGE.search(line) for line in lines):
        return "run `pulumi up` again: it pushes an image that is gone from the registry, or says where to get it"
    return "mend this and run `pulumi up` again"


def _newest(task: Task, service: str) -> list[Values]:
    page = task.client.get(f"/services/{service}/deploys", {"limit": 20}) or []
    return [item.get("deploy", item) for item in page]


def _commit(deploy: Values) -> str:
    return str((deploy.get("commit") or {}).get("id") or "")


def _digest(deploy: Values) -> str:
    image = deploy.get("image") or {}
    return str(image.get("ref") or "").partition("@")[2] or str(image.get("sha") or "")


def _page(service: Values) -> str:
    return str(service.get("dashboardUrl") or "https://dashboard.render.com")
