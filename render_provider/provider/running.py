"""Services that run processes: web services and workers (all of it), cron jobs (without scaling)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar

from pydantic import Field

from pulumi_plugin.values import Values
from render_provider.provider.regions import Region
from render_provider.provider.resource import Change, Inputs
from render_provider.provider.service_properties import Image, ServiceInputs
from render_provider.provider.services import COMMANDS, Service
from render_provider.provider.task import Task

PLANS = frozenset({"starter", "standard", "pro", "pro_plus", "pro_max", "pro_ultra"})
Runtime = Literal["docker", "elixir", "go", "image", "node", "python", "ruby", "rust"]
Seconds = Annotated[int, Field(ge=1, le=300)]
Percent = Annotated[int, Field(ge=1, le=90)]


class RunInputs(ServiceInputs):
    """A service with a runtime: an `image`, or a `repo` built for a `runtime`."""

    image: Image | None = None
    """The prebuilt image that runs; a service has either this or a `repo`."""
    runtime: Runtime | None = None
    """What runs the code; `image`, which may be left out, with an image."""
    region: Region | None = None
    """Where it runs; Render's default is oregon."""
    plan: str | None = None
    """What an instance runs on, such as `starter`, `standard` or `pro`."""
    build_command: str | None = None
    """What builds the code, for runtimes of a language."""
    start_command: str | None = None
    """What starts it, for runtimes of a language."""
    docker_command: str | None = None
    """What is started in place of the image's own command."""
    docker_context: str | None = None
    """The folder that is built, for the runtime `docker`."""
    dockerfile_path: str | None = None
    """The Dockerfile, for the runtime `docker`."""


class Criterion(Inputs):
    """One reason to scale."""

    enabled: bool
    """Whether it counts."""
    percentage: Percent
    """The mean over all instances that is aimed at."""


class Criteria(Inputs):
    """What makes instances come and go."""

    cpu: Criterion
    """Processor time."""
    memory: Criterion
    """Memory."""


class Autoscaling(Inputs):
    """Instances by load; needs a Pro workspace."""

    enabled: bool = True
    """Whether it is on."""
    min: Annotated[int, Field(ge=1)]
    """The fewest instances."""
    max: Annotated[int, Field(ge=1, le=100)]
    """The most."""
    criteria: Criteria
    """What they follow."""


class ScaledInputs(RunInputs):
    """A service that keeps running."""

    num_instances: Annotated[int | None, Field(ge=1, le=100)] = None
    """How many run; Render's default is 1. Refused beside `autoscaling`."""
    autoscaling: Autoscaling | None = None
    """How many run, by load."""
    pre_deploy_command: str | None = None
    """What runs before each deploy, such as migrations; when it fails the deploy does."""
    max_shutdown_delay_seconds: Seconds | None = None
    """How long an instance may take to end; Render's default is 30."""


Want = TypeVar("Want", bound=RunInputs)
Scaled = TypeVar("Scaled", bound=ScaledInputs)


class RunService(Service[Want], Generic[Want]):
    """A service with a runtime."""

    details: ClassVar[tuple[str, ...]] = ("runtime", "region", "plan")
    fixed = frozenset({"region"})
    replace_on = frozenset({"region"})
    resets: ClassVar[Mapping[str, Any]] = {**Service.resets, "dockerCommand": ""}
    release = Service.release | {"image", "runtime", "plan", *COMMANDS}

    def check(self, task: Task, asked: Values, before: Values) -> dict[str, str]:
        plan = _check_plan(task, asked) if asked.get("plan") != before.get("plan") else {}
        return {**plan, **_check_source(asked)}

    def meets(self, name: str, actual: Any, wanted: Any) -> bool:
        if name == "plan" and wanted == "free":  # no way back to it; `check` has refused to ask for it anew
            return True
        return super().meets(name, actual, wanted)

    def body(self, task: Task, given: Values) -> Values:
        runtime = {"runtime": "image"} if given.get("image") else {}
        return super().body(task, {**runtime, **given})


class ScaledService(RunService[Scaled], Generic[Scaled]):
    """A service that keeps running."""

    details: ClassVar[tuple[str, ...]] = (
        *RunService.details,
        *("numInstances", "autoscaling", "preDeployCommand", "maxShutdownDelaySeconds"),
    )
    fixed = RunService.fixed | {"numInstances", "autoscaling"}
    resets: ClassVar[Mapping[str, Any]] = {**RunService.resets, "preDeployCommand": "", "autoscaling": None}
    release = RunService.release | {"preDeployCommand", "maxShutdownDelaySeconds"}

    def check(self, task: Task, asked: Values, before: Values) -> dict[str, str]:
        failures = super().check(task, asked, before)
        scaling = asked.get("autoscaling")
        if isinstance(scaling, dict) and scaling.get("enabled", True) is True and "numInstances" in asked:
            failures["numInstances"] = "Render ignores it while autoscaling is on: set one of the two"
        return failures

    def same(self, name: str, one: Any, other: Any) -> bool:
        if name == "autoscaling":
            return _scaling(one) == _scaling(other)
        return super().same(name, one, other)

    def settings(self, service: Values, details: Values) -> Values:
        inputs = super().settings(service, details)
        if _scaling(details.get("autoscaling")):
            inputs.pop("numInstances", None)  # Render tells the manual count, which is out of force
        return inputs

    def update(self, task: Task, key: str, want: Scaled, change: Change) -> None:
        if "numInstances" in change.changed and want.num_instances:
            task.client.post(f"/services/{key}/scale", {"numInstances": want.num_instances}, repeatable=True)
        if want.autoscaling and want.autoscaling.enabled:
            if "autoscaling" in change.changed:
                task.client.put(f"/services/{key}/autoscaling", want.autoscaling.model_dump(by_alias=True))
        elif "autoscaling" in change.before or "autoscaling" in change.changed:
            task.client.delete(f"/services/{key}/autoscaling")
        super().update(task, key, want, change)


def _check_source(asked: Values) -> dict[str, str]:
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


def _check_plan(task: Task, asked: Values) -> dict[str, str]:
    """Plans come and go: an unknown one is a warning, the one that the API refuses is an error."""
    plan = asked.get("plan")
    if plan == "free":
        return {
            "plan": "Render's API makes no free services; take starter, or make it in the dashboard and import it"
        }
    if isinstance(plan, str) and plan not in PLANS:
        task.warn(f"plan {plan} is not one that we know ({', '.join(sorted(PLANS))}): passing it on")
    return {}


def _scaling(value: Values | None) -> Values:
    """Autoscaling that is off is no autoscaling."""
    value = {"enabled": True, **value} if value else {}
    return value if value.get("enabled") else {}
