"""What all services have in common: where each input goes in Render's API, and how it comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from pulumi_plugin.values import Values
from render_api.errors import NotFound, RefusedError, RenderError
from render_provider.provider import images
from render_provider.provider.keyed import PATHS, listed, mapped, sync
from render_provider.provider.placement import move
from render_provider.provider.resource import Actual, Change, Outputs, Resource, one_here
from render_provider.provider.service_properties import ServiceInputs, ServiceOutputs
from render_provider.provider.task import Task

TOP = ("name", "repo", "branch", "rootDir", "autoDeployTrigger", "buildFilter")
COMMANDS = ("buildCommand", "startCommand", "dockerCommand", "dockerContext", "dockerfilePath")
NO_BRANCH = re.compile(
    r"branch \W?(?P<branch>[\w./-]+?)\W? (was )?(not found|does not exist|doesn't exist)", re.IGNORECASE
)


Want = TypeVar("Want", bound=ServiceInputs)


class Service(Resource[Want], Generic[Want]):
    """Changing a service starts no deploy: hand `revision` to a `Deploy`."""

    folder = "/services"
    service_type: ClassVar[str]
    details: ClassVar[tuple[str, ...]]
    """Inputs that lie in serviceDetails."""
    fixed: ClassVar[frozenset[str]] = frozenset()
    """Those of them that a PATCH does not take, as they have a call of their own."""
    outputs: ClassVar[type[Outputs]] = ServiceOutputs
    secrets = frozenset({"envVars", "secretFiles"})
    maps = frozenset({"envVars", "secretFiles", "serviceDetails"})
    resets: ClassVar[Mapping[str, Any]] = {
        "envVars": {},
        "secretFiles": {},
        "buildFilter": {"paths": [], "ignoredPaths": []},
    }
    release = frozenset({"envVars", "secretFiles", "repo", "branch", "rootDir"})

    def same(self, name: str, one: Any, other: Any) -> bool:
        if name == "image" and one and other:
            return _image(one) == _image(other)
        if name == "buildFilter":
            return _filter(one) == _filter(other)
        if isinstance(other, str) or isinstance(one, str):
            return (one or "") == (other or "")  # Render leaves an empty setting out
        return bool(one == other)

    def find(self, task: Task, want: Want) -> str | None:
        query = {"ownerId": task.owner_id, "name": want.name, "type": self.service_type, "includePreviews": "false"}
        services = task.client.pages("/services", query, envelope="service")
        return one_here(
            self.type_,
            want.name,
            want.environment_id,
            [service for service in services if service["type"] == self.service_type],
        )

    def create(self, task: Task, want: Want) -> str:
        body = {**self.body(task, want.given()), "type": self.service_type, "ownerId": task.owner_id}
        if "runtime" in body.get("serviceDetails", {}):
            body["serviceDetails"].setdefault("envSpecificDetails", {})
        if want.environment_id:
            body["environmentId"] = want.environment_id
        for name, values in (("envVars", want.env_vars), ("secretFiles", want.secret_files)):
            if values:
                body[name] = listed(name, values)
        try:
            created = task.client.post("/services", body)
        except RefusedError as error:
            raise explained(error, want.repo) from error
        return str(created["service"]["id"])

    def body(self, task: Task, given: Values) -> Values:
        """The settings as POST and PATCH want them."""
        body: Values = {name: given[name] for name in TOP if name in given}
        details: Values = {name: given[name] for name in self.details if name in given}
        if given.get("image"):
            body["image"] = {**given["image"], "ownerId": task.owner_id}
        commands = {name: given[name] for name in COMMANDS if name in given and name not in self.details}
        if commands:
            details["envSpecificDetails"] = commands
        details |= given.get("serviceDetails") or {}
        return {**body, "serviceDetails": details} if details else body

    def read(self, task: Task, key: str, known: Values) -> Actual:
        service = task.client.get(f"/services/{key}")
        if service["type"] != self.service_type:
            raise RenderError(f"{key} is no {self.service_type}", f"Render says it is a {service['type']}")
        details = service.get("serviceDetails") or {}
        inputs = self.settings(service, details)
        inputs["envVars"] = self.keyed(task, key, "envVars")
        if "secretFiles" in known or not known:
            inputs["secretFiles"] = self.keyed(task, key, "secretFiles")
        if "serviceDetails" in known:
            inputs["serviceDetails"] = details
        outputs = {name: service.get(name) for name in ServiceOutputs.names()}
        return Actual(inputs, {**outputs, **({"url": details.get("url")} if "url" in self.outputs.names() else {})})

    def settings(self, service: Values, details: Values) -> Values:
        """A service as Render tells it, as our inputs."""
        commands = details.get("envSpecificDetails") or {}
        inputs: Values = {name: service.get(name) for name in (*TOP, "environmentId")}
        inputs |= {name: details.get(name) for name in self.details}
        inputs |= {name: commands.get(name) for name in COMMANDS if name not in self.details}
        inputs["rootDir"] = service.get("rootDir") or ""
        # written beside the commands, read back among them
        if "preDeployCommand" in self.details:
            inputs["preDeployCommand"] = details.get("preDeployCommand") or commands.get("preDeployCommand") or ""
        if service.get("imagePath"):
            credential = (service.get("registryCredential") or commands.get("registryCredential") or {}).get("id")
            image = {"imagePath": service["imagePath"], "registryCredentialId": credential}
            inputs["image"] = {name: value for name, value in image.items() if value}
        declared = self.inputs.names()
        return {name: value for name, value in inputs.items() if name in declared}

    def keyed(self, task: Task, key: str, name: str) -> dict[str, str]:
        """All variables or secret files of a service."""
        folder = PATHS[name][0]
        envelope = "envVar" if name == "envVars" else "secretFile"
        return mapped(name, list(task.client.pages(f"/services/{key}/{folder}", envelope=envelope)))

    def update(self, task: Task, key: str, want: Want, change: Change) -> None:
        given = want.given()
        patch = {name: given[name] for name in change.changed - self.fixed if name in given}
        body = self.body(task, patch)
        if body:
            try:
                task.client.patch(f"/services/{key}", body)
            except RefusedError as error:
                raise explained(error, want.repo) from error
        for name, asked in (("envVars", want.env_vars), ("secretFiles", want.secret_files)):
            if name in change.changed or change.dropped(name, asked):
                sync(task, f"/services/{key}", name, asked or {}, self.keyed(task, key, name), change)
        if "environmentId" in change.changed and want.environment_id:
            move(task, key, want.environment_id)

    def delete(self, task: Task, key: str, state: Values) -> None:
        task.client.delete(f"/services/{key}")


def explained(error: RefusedError, repo: str | None) -> RenderError:
    """The same refusal with the command that mends it, where we know one."""
    missing = NO_BRANCH.search(error.reason)
    if not missing or isinstance(error, NotFound):
        return error
    branch = missing["branch"]
    return RefusedError(
        error.what,
        error.reason,
        status=error.status,
        request_id=error.request_id,
        hint=f"git push {'origin' if repo else 'REMOTE'} HEAD:{branch}"
        f' (for the cloud on this machine: git push "$(./slipway local git)" HEAD:{branch}),'
        " then run the same command again",
    )


def _image(image: Values) -> tuple[str, str]:
    return images.normal(image["imagePath"]), image.get("registryCredentialId") or ""


def _filter(value: Values | None) -> tuple[list[str], list[str]]:
    value = value or {}
    return sorted(value.get("paths") or []), sorted(value.get("ignoredPaths") or [])
