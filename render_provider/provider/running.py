"""Services that run processes: web services and workers (all of it), cron jobs (without scaling)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import Field

from render_provider.provider.regions import Region
from render_provider.provider.resource import Change, Inputs, Values
from render_provider.provider.services import (
    COMMANDS,
    Image,
    Runtime,
    Seconds,
    Service,
    ServiceInputs,
    check_plan,
    check_source,
)
from render_provider.provider.task import Task

Percent = Annotated[int, Field(ge=1, le=90)]


class RunInputs(ServiceInputs):
    """What runs, where, and how large."""

    image: Image | None = None
    runtime: Runtime | None = None
    region: Region | None = None
    plan: str | None = None
    build_command: str | None = None
    start_command: str | None = None
    docker_command: str | None = None
    docker_context: str | None = None
    dockerfile_path: str | None = None


class Criterion(Inputs):
    """One reason to scale."""

    enabled: bool
    percentage: Percent


class Criteria(Inputs):
    """What makes instances come and go."""

    cpu: Criterion
    memory: Criterion


class Autoscaling(Inputs):
    """Instances by load; needs a Pro workspace."""

    enabled: bool = True
    min: Annotated[int, Field(ge=1)]
    max: Annotated[int, Field(ge=1, le=100)]
    criteria: Criteria


class ScaledInputs(RunInputs):
    """What keeps running, in one or more instances."""

    num_instances: Annotated[int | None, Field(ge=1, le=100)] = None
    autoscaling: Autoscaling | None = None
    pre_deploy_command: str | None = None
    max_shutdown_delay_seconds: Seconds | None = None


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
        plan = check_plan(task, asked) if asked.get("plan") != before.get("plan") else {}
        return {**plan, **check_source(asked)}

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

    def settings(self, found: Values, details: Values) -> Values:
        inputs = super().settings(found, details)
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


def _scaling(value: Values | None) -> Values:
    """Autoscaling that is off is no autoscaling."""
    value = {"enabled": True, **value} if value else {}
    return value if value.get("enabled") else {}
