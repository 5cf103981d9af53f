"""The bodies of POST and PATCH /services: strict, one shape of `serviceDetails` for each type."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from croniter import croniter
from pydantic import AfterValidator, Field, model_validator

from localcloud.render.api.fields import Body, Many

Region = Literal["frankfurt", "ohio", "oregon", "singapore", "virginia"]
Runtime = Literal["docker", "elixir", "go", "image", "node", "python", "ruby", "rust"]
YesNo = Literal["yes", "no"]
Trigger = Literal["commit", "checksPass", "off"]
ServiceType = Literal["web_service", "private_service", "background_worker", "cron_job", "static_site"]
_PLANS = frozenset({"starter", "standard", "pro", "pro_plus", "pro_max", "pro_ultra"})
_COMPUTE = re.compile(r"^\d+(\.\d+)?c-\d+(mb|g)$")
_KEY = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]*$")


def _plan(value: str) -> str:
    if value == "free":
        raise ValueError("the free plan is not available through the API")
    if value not in _PLANS and not _COMPUTE.match(value):
        raise ValueError(f"invalid plan {value}")
    return value


def _schedule(value: str) -> str:
    if len(value.split()) != 5 or not croniter.is_valid(value):
        raise ValueError(f"invalid cron expression {value!r}")
    return value


def _key(value: str) -> str:
    if not _KEY.match(value):
        raise ValueError(f"invalid name {value!r}: letters, digits, '_', '-' and '.', not starting with a digit")
    return value


def _file(value: str) -> str:
    if not value or "/" in value or value in {".", ".."}:
        raise ValueError(f"invalid file name {value!r}")
    return value


Plan = Annotated[str, AfterValidator(_plan)]
Name = Annotated[str, Field(min_length=1, max_length=255)]
Key = Annotated[str, AfterValidator(_key)]
FileName = Annotated[str, AfterValidator(_file)]


class Value(Body):
    """`{value}` or `{generateValue: true}`."""

    value: str | None = None
    generate_value: bool | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Value:
        if (self.value is None) == (not self.generate_value):
            raise ValueError("give either value or generateValue: true")
        return self


class EnvVar(Value):
    """A variable of a service or a group."""

    key: Key


class SecretFile(Body):
    """A file of a service or a group."""

    name: FileName
    content: str


class Image(Body):
    """The image of an image-backed service."""

    owner_id: str
    image_path: str = Field(min_length=1)
    registry_credential_id: str | None = None


class BuildFilter(Body):
    """Paths that start or do not start an automatic deploy."""

    paths: Many[str]
    ignored_paths: Many[str]


class EnvSpecific(Body):
    """How a service is built and started; which fields count depends on the runtime."""

    build_command: str | None = None
    start_command: str | None = None
    docker_command: str | None = None
    docker_context: str | None = None
    dockerfile_path: str | None = None
    registry_credential_id: str | None = None


class Previews(Body):
    """Whether pull requests get an instance of their own."""

    generation: Literal["off", "manual", "automatic"]


class MaintenanceMode(Body):
    """Whether visitors see a page instead of the service; an empty `uri` is Render's own page."""

    enabled: bool
    uri: str


class StaticHeader(Body):
    """A header that a static site sends for matching paths."""

    path: str
    name: str
    value: str


class StaticRoute(Body):
    """A redirect or rewrite of a static site."""

    type: Literal["redirect", "rewrite"]
    source: str
    destination: str
    priority: int | None = None


class _Changeable(Body):
    """What all services but static sites accept in POST and PATCH."""

    runtime: Runtime | None = None
    env_specific_details: EnvSpecific | None = None
    plan: Plan | None = None


class _Previewable(Body):
    pull_request_previews_enabled: YesNo | None = None
    previews: Previews | None = None


class WorkerChange(_Changeable, _Previewable):
    """`serviceDetails` of PATCH for a worker or a private service."""

    pre_deploy_command: str | None = None
    max_shutdown_delay_seconds: int | None = Field(default=None, ge=1, le=300)


class WebChange(WorkerChange):
    """`serviceDetails` of PATCH for a web service."""

    health_check_path: str | None = None
    maintenance_mode: MaintenanceMode | None = None
    render_subdomain_policy: Literal["enabled", "disabled"] | None = None


class CronChange(_Changeable):
    """`serviceDetails` of PATCH for a cron job."""

    schedule: Annotated[str, AfterValidator(_schedule)] | None = None


class StaticChange(_Previewable):
    """`serviceDetails` of PATCH for a static site."""

    build_command: str | None = None
    publish_path: str | None = None
    render_subdomain_policy: Literal["enabled", "disabled"] | None = None


class WorkerDetails(WorkerChange):
    """`serviceDetails` of POST for a worker or a private service. `env` is the old name of `runtime`."""

    runtime: Runtime
    env: Runtime | None = None
    region: Region = "oregon"
    num_instances: int = Field(default=1, ge=1, le=100)


class WebDetails(WebChange):
    """`serviceDetails` of POST for a web service."""

    runtime: Runtime
    env: Runtime | None = None
    region: Region = "oregon"
    num_instances: int = Field(default=1, ge=1, le=100)


class CronDetails(CronChange):
    """`serviceDetails` of POST for a cron job."""

    runtime: Runtime
    env: Runtime | None = None
    region: Region = "oregon"
    schedule: Annotated[str, AfterValidator(_schedule)]


class StaticDetails(StaticChange):
    """`serviceDetails` of POST for a static site."""

    headers: Many[StaticHeader] = Field(default_factory=list)
    routes: Many[StaticRoute] = Field(default_factory=list)


class ServiceCreate(Body):
    """POST /services."""

    type: ServiceType
    name: Name
    owner_id: str
    service_details: dict[str, Any]
    repo: str | None = None
    branch: str | None = None
    root_dir: str | None = None
    auto_deploy: YesNo | None = None
    auto_deploy_trigger: Trigger | None = None
    image: Image | None = None
    build_filter: BuildFilter | None = None
    env_vars: Many[EnvVar] = Field(default_factory=list)
    secret_files: Many[SecretFile] = Field(default_factory=list)
    environment_id: str | None = None


class ServiceChange(Body):
    """PATCH /services/{id}: what is not here has an endpoint of its own or cannot change."""

    name: Name | None = None
    repo: str | None = None
    branch: str | None = None
    root_dir: str | None = None
    auto_deploy: YesNo | None = None
    auto_deploy_trigger: Trigger | None = None
    image: Image | None = None
    build_filter: BuildFilter | None = None
    service_details: dict[str, Any] | None = None


DETAILS: dict[str, type[Body]] = {
    "web_service": WebDetails,
    "private_service": WorkerDetails,
    "background_worker": WorkerDetails,
    "cron_job": CronDetails,
    "static_site": StaticDetails,
}
CHANGES: dict[str, type[Body]] = {
    "web_service": WebChange,
    "private_service": WorkerChange,
    "background_worker": WorkerChange,
    "cron_job": CronChange,
    "static_site": StaticChange,
}
UNSUPPORTED = {
    "autoscaling": "autoscaling",
    "disk": "persistent disks",
    "ipAllowList": "IP allow lists of services (they need an Enterprise workspace)",
}
"""Fields that Render knows and the local cloud refuses: it could not keep what they promise."""
