"""A deploy that is waited for. https://api-docs.render.com/reference/create-deploy"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from pulumi_plugin.values import Values
from render_api.errors import RefusedError, RenderError, StoppedError, UnknownOutcomeError
from render_api.instances import keep_count, running
from render_provider.provider import deploys, images
from render_provider.provider.gate import own, verdict
from render_provider.provider.gate.failure import GateError
from render_provider.provider.gate.gate import Before, Release, pass_gate
from render_provider.provider.gate.maintained import maintained
from render_provider.provider.gate.rollback import go_back, release_before
from render_provider.provider.gate.settings import Gate
from render_provider.provider.logs import brief, last_lines
from render_provider.provider.probe import fetch
from render_provider.provider.resource import Actual, Change, Inputs, Outputs, Resource
from render_provider.provider.services import explained
from render_provider.provider.task import Task
from render_provider.provider.verify import Probe

UNSEEN = frozenset({"gate", "versionVariable"})  # by a release that runs
_NO_IMAGE = re.compile(r"(cannot|could not|failed to|unable to) pull|not found|no such image|unknown", re.IGNORECASE)


class DeployInputs(Inputs):
    """Any change of these but `gate` and `version_variable` starts a deploy, which is waited for."""

    service_id: str
    """The service."""
    image_url: str | None = None
    """The image to deploy; the service's own when unset. Whatever else is live is drift."""
    version_variable: str | None = None
    """The service's variable that holds the digest of `image_url`: it is set with each deploy and set back with a
    rollback."""
    triggers: dict[str, Any] | None = None
    """Whatever else is to start a deploy when it changes, by any name: what the service itself does not show."""
    verify_url: str | None = None
    """The public address that has to show the deploy before it is done."""
    verify_text: str | None = None
    """What the answer of `verify_url` has to contain; the deployed commit or image digest when unset."""
    gate: Gate | None = None
    """What the release has to show besides."""


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
    """A deploy of a service, waited for until it is live and has passed its gate; else it is rolled back.

    Its id is the service's. Removing it leaves the service as it runs. A suspended service is not deployed.
    """

    type_ = "render:index:Deploy"
    import_id = "srv-…"
    inputs = DeployInputs
    outputs = DeployOutputs
    volatile = frozenset(DeployOutputs.names())
    replace_on = frozenset({"serviceId"})
    delete_first = False
    resets: ClassVar[Mapping[str, Any]] = {
        "imageUrl": None,
        "triggers": {},
        "verifyUrl": None,
        "verifyText": None,
        "versionVariable": None,
        "gate": None,
    }

    def __init__(self, probe: Probe = fetch) -> None:
        self._probe = probe

    def same(self, name: str, one: Any, other: Any) -> bool:
        if name == "imageUrl" and one and other:
            return images.same(one, other)
        return super().same(name, one, other)

    def stale(self, state: Values) -> frozenset[str]:
        return frozenset({"status"}) if state.get("status") in deploys.FAILED else frozenset()

    def create(self, task: Task, want: DeployInputs) -> str:
        key = want.service_id
        service = task.client.get(f"/services/{key}")
        if service.get("suspended") == "suspended":
            self._skip(task, service["name"])
            return key
        known = deploys.newest(task, key)
        task.kept["before"] = Before(
            next((deploy for deploy in known if deploy["status"] == "live"), None),
            self._probe(want.verify_url) if want.verify_url else None,
            frozenset(running(task.client, key)) if want.gate else frozenset(),
        )
        deploys.end_running(task, key)
        if want.image_url and want.version_variable:
            own.declare(task, key, want.image_url, want.version_variable, want.image_url.partition("@")[2])
        path, seen = f"/services/{key}/deploys", {deploy["id"] for deploy in deploys.newest(task, key)}
        body = {"imageUrl": want.image_url} if want.image_url else {}
        try:
            deploy = task.client.post(path, body)
        except UnknownOutcomeError:
            task.note("no answer from Render to the deploy: looking whether it was started")
            deploy = deploys.started(task, key, seen, limit=5) or task.client.post(path, body)
        except RefusedError as error:
            if "suspended" in error.reason:
                self._skip(task, service["name"])
                return key
            raise explained(error, service.get("repo")) from error
        # a 202 has no body: the deploy waits behind another one
        deploy = deploy or deploys.started(task, key, seen, limit=120)
        if deploy is None:
            raise RenderError(f"deploy of {service['name']}", "Render took it and then showed none", hint="pulumi up")
        task.kept["deploy"] = deploy["id"]
        return key

    def settle(self, task: Task, key: str, want: DeployInputs) -> None:
        if "deploy" not in task.kept:
            return
        deploy = deploys.wait_until_over(task, key, task.kept["deploy"])
        service = task.client.get(f"/services/{key}")
        if deploy["status"] in deploys.FAILED:
            lines = last_lines(task, key, deploy)
            raise RenderError(
                f"deploy {deploy['id']} of {service['name']} failed",
                deploy["status"].replace("_", " ") + verdict.told(lines),
                hint=f"the release before it keeps serving; {_cure(deploy, lines)} ({verdict.page(service)})",
            )
        url = want.verify_url if want.verify_url and not maintained(task, service) else None
        version = want.verify_text or deploys.version(deploy)
        if url and not version:
            raise RenderError(
                f"cannot verify {url}", "the deploy names neither commit nor digest", hint="set verify_text"
            )
        release = Release(key, deploy, version, url)
        try:
            pass_gate(task, self._probe, want.gate or Gate(), release, task.kept["before"])
        except GateError as error:
            raise self._refuse(task, service, want, release, error) from error

    def read(self, task: Task, key: str, known: Values) -> Actual:
        service = task.client.get(f"/services/{key}")
        deploy = deploys.one(task, key, task.kept.get("deploy") or known.get("deployId"))
        skipped = "suspended" if task.kept.get("skipped") else None
        outputs = {
            "deployId": deploy.get("id", ""),
            "status": skipped or deploy.get("status", ""),
            "commit": deploys.commit(deploy),
            "imageUrl": (deploy.get("image") or {}).get("ref") or service.get("imagePath") or "",
            "url": (service.get("serviceDetails") or {}).get("url") or "",
        }
        live = deploy if deploy.get("status") == "live" else deploys.live(task, key)
        image = deploys.image(live) if live else ""
        return Actual({"serviceId": key, **({"imageUrl": image} if image else {})}, outputs)

    def update(self, task: Task, key: str, want: DeployInputs, change: Change) -> None:
        if change.changed and change.changed <= UNSEEN and change.before.get("status") in ("live", "deactivated"):
            return  # what runs has passed the one before
        task.kept["passed"] = change.before.get("deployId")
        self.create(task, want)

    def delete(self, task: Task, key: str, state: Values) -> None:
        """A deploy cannot be undone by forgetting it."""

    def _skip(self, task: Task, name: str) -> None:
        task.kept["skipped"] = True
        task.warn(f"{name} is suspended: not deployed. Resuming it starts a deploy of its own")

    def _refuse(
        self, task: Task, service: Values, want: DeployInputs, release: Release, error: GateError
    ) -> RenderError:
        """Go back to the release before, and what there is to say about all of it."""
        key, deploy, before = release.service, release.deploy, task.kept["before"]
        lines = brief(last_lines(task, key, deploy)) if error.lines is None else brief(list(error.lines))
        target = release_before(task, key, deploy, before.live, task.kept.get("passed") or "")
        if target is None:
            return verdict.first(service, deploy, error, lines)
        crashing = _crashing(task, key)

        def verify(rolled: Values) -> None:
            custom = want.verify_text and want.verify_text != deploys.version(deploy)
            text = "" if custom else deploys.version(target)
            gate = Gate(watch_seconds=want.gate.watch_seconds if want.gate else 0)
            back = Release(key, rolled, text, release.url)
            pass_gate(task, self._probe, gate, back, Before(instances=crashing))

        try:
            rolled = go_back(task, key, target, variable=want.version_variable, verify=verify)
            keep_count(task.client, key, but=crashing)
        except StoppedError:
            task.warn(f"interrupted on the way back to {deploys.named(target)}: run the same command again")
            raise
        except (RenderError, GateError) as failure:
            return verdict.stuck(service, deploy, error, lines, target, failure)
        return verdict.rolled_back(service, deploy, error, lines, target, rolled)


def _crashing(task: Task, key: str) -> frozenset[str]:
    """The instances of what was refused, which may go on with it until they are ended."""
    try:
        return frozenset(running(task.client, key))
    except RefusedError:
        return frozenset()  # nothing is in the way of going back


def _cure(deploy: Values, lines: list[str]) -> str:
    """What to do about a failed deploy: `pulumi up` itself brings an image back that its registry has lost."""
    repository = str((deploy.get("image") or {}).get("ref") or "").partition("@")[0]
    if repository and any(repository in line and _NO_IMAGE.search(line) for line in lines):
        return "run `pulumi up` again: it pushes an image that is gone from the registry, or says where to get it"
    return "mend this and run `pulumi up` again"
