"""The shapes of `serviceDetails` in POST and PATCH /services: strict, one for each type."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from croniter import croniter
from pydantic import AfterValidator, Field

from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Body, Many, Region
from localcloud.render.api.http import validate
from localcloud.render.services.model import Generation, Runtime, ServiceType, SubdomainPolicy
from localcloud.render.static_rules.bodies import HeaderPut, RoutePut

_PLANS = frozenset({"starter", "standard", "pro", "pro_plus", "pro_max", "pro_ultra"})
_COMPUTE = re.compile(r"^\d+(\.\d+)?c-\d+(mb|g)$")
UNSUPPORTED = {
    "autoscaling": "autoscaling",
    "disk": "persistent disks",
    "ipAllowList": "IP allow lists of services (they need an Enterprise workspace)",
}
"""Fields that Render knows and the local cloud refuses: it could not keep what they promise."""


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


Plan = Annotated[str, AfterValidator(_plan)]
Schedule = Annotated[str, AfterValidator(_schedule)]
YesNo = Literal["yes", "no"]


class EnvSpecific(Body):
    """How a service is built and started; which fields count depends on the runtime."""

    build_command: str | None = None
    start_command: str | None = None
    docker_command: str | None = None
    docker_context: str | None = None
    dockerfile_path: str | None = None
    registry_credential_id: str | None = None


class PreviewsBody(Body):
    """Whether pull requests get an instance of their own."""

    generation: Generation


class MaintenanceBody(Body):
    """The maintenance mode of a web service."""

    enabled: bool
    uri: str


class _Changeable(Body):
    """What all services but static sites accept in POST and PATCH."""

    runtime: Runtime | None = None
    env_specific_details: EnvSpecific | None = None
    plan: Plan | None = None


class _Previewable(Body):
    pull_request_previews_enabled: YesNo | None = None
    previews: PreviewsBody | None = None


class WorkerChange(_Changeable, _Previewable):
    """`serviceDetails` of PATCH for a worker or a private service."""

    pre_deploy_command: str | None = None
    max_shutdown_delay_seconds: int | None = Field(default=None, ge=1, le=300)


class WebChange(WorkerChange):
    """`serviceDetails` of PATCH for a web service."""

    health_check_path: str | None = None
    maintenance_mode: MaintenanceBody | None = None
    render_subdomain_policy: SubdomainPolicy | None = None


class CronChange(_Changeable):
    """`serviceDetails` of PATCH for a cron job."""

    schedule: Schedule | None = None


class StaticChange(_Previewable):
    """`serviceDetails` of PATCH for a static site."""

    build_command: str | None = None
    publish_path: str | None = None
    render_subdomain_policy: SubdomainPolicy | None = None


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
    schedule: Schedule


class StaticDetails(StaticChange):
    """`serviceDetails` of POST for a static site."""

    headers: Many[HeaderPut] = Field(default_factory=list)
    routes: Many[RoutePut] = Field(default_factory=list)


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


def parse_details(kind: ServiceType, given: dict[str, Any], *, create: bool) -> Body:
    """The validated `serviceDetails` of a request for a service of that type."""
    for name, what in UNSUPPORTED.items():
        if given.get(name) is not None:
            raise ApiError(400, f"serviceDetails.{name}: {what} are not supported by the local cloud")
    given = {name: value for name, value in given.items() if name not in UNSUPPORTED}
    return validate((DETAILS if create else CHANGES)[kind], given, "serviceDetails")
