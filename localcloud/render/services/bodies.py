"""Services as Render writes them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from localcloud.render.api.fields import Body, Many
from localcloud.render.api.ids import micros
from localcloud.render.env_vars.bodies import EnvVarPut
from localcloud.render.registry_credentials.model import RegistryCredential
from localcloud.render.runtime.values import InstanceStatus
from localcloud.render.secret_files.bodies import SecretFilePut
from localcloud.render.services.details import YesNo
from localcloud.render.services.model import SERVING, SHORT, Service, ServiceType, Trigger

ServiceName = Annotated[str, Field(min_length=1, max_length=255)]


class ImageBody(Body):
    """The image of an image-backed service."""

    owner_id: str
    image_path: str = Field(min_length=1)
    registry_credential_id: str | None = None


class BuildFilterBody(Body):
    """Paths that start or do not start an automatic deploy."""

    paths: Many[str]
    ignored_paths: Many[str]


class ServiceChange(Body):
    """PATCH /services/{id}: what is not here has an endpoint of its own or cannot change."""

    name: ServiceName | None = None
    repo: str | None = None
    branch: str | None = None
    root_dir: str | None = None
    auto_deploy: YesNo | None = None
    auto_deploy_trigger: Trigger | None = None
    image: ImageBody | None = None
    build_filter: BuildFilterBody | None = None
    service_details: dict[str, Any] | None = None


class ServiceCreate(ServiceChange):
    """POST /services."""

    type: ServiceType
    name: ServiceName
    owner_id: str
    service_details: dict[str, Any]
    env_vars: Many[EnvVarPut] = Field(default_factory=list)
    secret_files: Many[SecretFilePut] = Field(default_factory=list)
    environment_id: str | None = None


class Scale(Body):
    """POST /services/{id}/scale"""

    num_instances: int = Field(ge=1, le=100)


def service_body(service: Service, credential: RegistryCredential | None) -> dict[str, Any]:
    """A service as it is read."""
    build_filter = service.build_filter
    return {
        "id": service.id,
        "type": service.type,
        "name": service.name,
        "slug": service.slug,
        "ownerId": service.owner_id,
        **({"environmentId": service.environment_id} if service.environment_id else {}),
        "rootDir": service.root_dir,
        **({"imagePath": service.image} if service.image else {"repo": service.repo, "branch": service.branch}),
        **({"registryCredential": {"id": credential.id, "name": credential.name}} if credential else {}),
        "autoDeploy": "no" if service.auto_deploy_trigger == "off" else "yes",
        "autoDeployTrigger": service.auto_deploy_trigger,
        **({"buildFilter": _build_filter(service)} if build_filter else {}),
        "notifyOnFail": "default",
        "suspended": suspension(service),
        "suspenders": ["user"] if service.suspended else [],
        "dashboardUrl": f"https://dashboard.render.com/{SHORT[service.type]}/{service.id}",
        "createdAt": micros(service.created_at),
        "updatedAt": micros(service.updated_at),
        "serviceDetails": _details(service),
    }


def suspension(service: Service) -> str:
    """Render's word for whether a service is suspended."""
    return "suspended" if service.suspended else "not_suspended"


def instance_body(instance: InstanceStatus) -> dict[str, Any]:
    """An instance as it is listed."""
    return {"id": instance.id, "createdAt": instance.since}


def _details(service: Service) -> dict[str, Any]:
    details: dict[str, Any] = {"buildPlan": "starter"}
    if service.type != "cron_job":
        details["previews"] = {"generation": service.previews}
        details["pullRequestPreviewsEnabled"] = "yes" if service.previews == "automatic" else "no"
    if service.type in {"web_service", "static_site"}:
        details |= {"renderSubdomainPolicy": service.render_subdomain_policy, "url": service.url}
    if service.type == "static_site":
        return details | {"buildCommand": service.build_command, "publishPath": service.publish_path}
    details |= {"plan": service.plan, "region": service.region, "runtime": service.runtime, "env": service.runtime}
    details["envSpecificDetails"] = _env_specific(service)
    if service.type == "cron_job":
        details["schedule"] = service.schedule
        if service.last_successful_run_at:
            details["lastSuccessfulRunAt"] = service.last_successful_run_at
    if service.type in SERVING:
        details["numInstances"] = service.num_instances
        details["maxShutdownDelaySeconds"] = service.max_shutdown_delay_seconds
        details["sshAddress"] = f"{service.id}@ssh.{service.region}.render.com"
    if service.type == "private_service":
        details["url"] = service.url.partition("://")[2]
    if service.type == "web_service":
        details |= {"healthCheckPath": service.health_check_path, "openPorts": None}
        details["maintenanceMode"] = service.maintenance_mode.model_dump()
    return details


def _env_specific(service: Service) -> dict[str, str]:
    commands = {"buildCommand": service.build_command, "startCommand": service.start_command}
    if service.runtime in {"docker", "image"}:
        commands = {
            "dockerCommand": service.docker_command,
            "dockerContext": service.docker_context,
            "dockerfilePath": service.dockerfile_path,
        }
    return commands | ({"preDeployCommand": service.pre_deploy_command} if service.pre_deploy_command else {})


def _build_filter(service: Service) -> dict[str, list[str]]:
    paths = service.build_filter
    return {"paths": list(paths.paths), "ignoredPaths": list(paths.ignored_paths)} if paths else {}
