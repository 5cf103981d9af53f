"""What all services have in common: where each input goes in Render's API, and how it comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar

from pydantic import Field

from render_api.errors import NotFound, RefusedError, RenderError
from render_provider.provider import images
from render_provider.provider.keyed import PATHS, listed, mapped, sync
from render_provider.provider.placement import move
from render_provider.provider.resource import Change, Found, Inputs, Resource, Values, one_here
from render_provider.provider.task import Task

PLANS = frozenset({"starter", "standard", "pro", "pro_plus", "pro_max", "pro_ultra"})
TOP = ("name", "repo", "branch", "rootDir", "autoDeployTrigger", "buildFilter")
COMMANDS = ("buildCommand", "startCommand", "dockerCommand", "dockerContext", "dockerfilePath")
NO_BRANCH = re.compile(
    r"branch \W?(?P<branch>[\w./-]+?)\W? (was )?(not found|does not exist|doesn't exist)", re.IGNORECASE
)


class Image(Inputs):
    """A prebuilt image, best by digest."""

    image_path: str
    registry_credential_id: str | None = None


class BuildFilter(Inputs):
    """Which changed files start a build."""

    paths: list[str] = Field(default_factory=list)
    ignored_paths: list[str] = Field(default_factory=list)


class ServiceInputs(Inputs):
    """A service runs an `image`, or builds a `branch` of a `repo`."""

    name: str
    environment_id: str | None = None
    repo: str | None = None
    branch: str | None = None
    root_dir: str | None = None
    build_filter: BuildFilter | None = None
    auto_deploy_trigger: Literal["off", "commit", "checksPass"] | None = None
    env_vars: dict[str, str] | None = None
    secret_files: dict[str, str] | None = None
    service_details: dict[str, Any] | None = None
    """Whatever else Render's serviceDetails knows, passed on as it is."""


Want = TypeVar("Want", bound=ServiceInputs)


class Service(Resource[Want], Generic[Want]):
    """Changing a service starts no deploy: hand `revision` to a `Deploy`."""

    folder = "/services"
    service_type: ClassVar[str]
    details: ClassVar[tuple[str, ...]]
    """Inputs that lie in serviceDetails."""
    fixed: ClassVar[frozenset[str]] = frozenset()
    """Those of them that a PATCH does not take, as they have a call of their own."""
    outputs: ClassVar[tuple[str, ...]] = ("slug", "suspended", "dashboardUrl")
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
        found = task.client.pages("/services", query, envelope="service")
        return one_here(
            self.type_, want.name, want.environment_id, [one for one in found if one["type"] == self.service_type]
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
            made = task.client.post("/services", body)
        except RefusedError as error:
            raise explained(error, want.repo) from error
        return str(made["service"]["id"])

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

    def read(self, task: Task, key: str, known: Values) -> Found:
        found = task.client.get(f"/services/{key}")
        if found["type"] != self.service_type:
            raise RenderError(f"{key} is no {self.service_type}", f"Render says it is a {found['type']}")
        details = found.get("serviceDetails") or {}
        inputs = self.settings(found, details)
        inputs["envVars"] = self.keyed(task, key, "envVars")
        if "secretFiles" in known or not known:
            inputs["secretFiles"] = self.keyed(task, key, "secretFiles")
        if "serviceDetails" in known:
            inputs["serviceDetails"] = details
        outputs = {name: found.get(name) for name in ("slug", "suspended", "dashboardUrl")}
        return Found(inputs, {**outputs, **({"url": details.get("url")} if "url" in self.outputs else {})})

    def settings(self, found: Values, details: Values) -> Values:
        """A service as Render tells it, as our inputs."""
        commands = details.get("envSpecificDetails") or {}
        inputs: Values = {name: found.get(name) for name in (*TOP, "environmentId")}
        inputs |= {name: details.get(name) for name in self.details}
        inputs |= {name: commands.get(name) for name in COMMANDS if name not in self.details}
        inputs["rootDir"] = found.get("rootDir") or ""
        # written beside the commands, read back among them
        if "preDeployCommand" in self.details:
            inputs["preDeployCommand"] = details.get("preDeployCommand") or commands.get("preDeployCommand") or ""
        if found.get("imagePath"):
            credential = (found.get("registryCredential") or commands.get("registryCredential") or {}).get("id")
            image = {"imagePath": found["imagePath"], "registryCredentialId": credential}
            inputs["image"] = {name: value for name, value in image.items() if value}
        declared = {info.alias or name for name, info in self.inputs.model_fields.items()}
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


def check_source(asked: Values) -> dict[str, str]:
    """Exactly one source, and a runtime that fits."""
    failures = {}
    if ("image" in asked) == ("repo" in asked):
        failures["image"] = "a service has either an image or a repo with a branch"
    if "image" in asked and asked.get("runtime", "image") != "image":
        failures["runtime"] = f"a service with an image has the runtime image, not {asked['runtime']}"
    if "image" in asked and "branch" in asked:
        failures["branch"] = "an image has no branch"
    if "repo" in asked and asked.get("runtime") in (None, "image"):
        failures["runtime"] = "say what runs the code: docker, elixir, go, node, python, ruby or rust"
    return failures


def check_plan(task: Task, asked: Values) -> dict[str, str]:
    """Plans come and go: an unknown one is a warning, the one that the API refuses is an error."""
    plan = asked.get("plan")
    if plan == "free":
        return {
            "plan": "Render's API makes no free services; take starter, or make it in the dashboard and import it"
        }
    if isinstance(plan, str) and plan not in PLANS:
        task.warn(f"plan {plan} is not one that we know ({', '.join(sorted(PLANS))}): passing it on")
    return {}


def _image(image: Values) -> tuple[str, str]:
    return images.normal(image["imagePath"]), image.get("registryCredentialId") or ""


def _filter(value: Values | None) -> tuple[list[str], list[str]]:
    value = value or {}
    return sorted(value.get("paths") or []), sorted(value.get("ignoredPaths") or [])


Runtime = Literal["docker", "elixir", "go", "image", "node", "python", "ruby", "rust"]
Seconds = Annotated[int, Field(ge=1, le=300)]
