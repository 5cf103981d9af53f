"""A service: where its code comes from, how it is built and started, and how it is reached."""

from __future__ import annotations

from typing import ClassVar, Literal

from localcloud.render.api.fields import Region
from localcloud.render.api.store import Frozen
from localcloud.render.env_vars.model import EnvVar
from localcloud.render.environments.model import Member
from localcloud.render.secret_files.model import SecretFile
from localcloud.render.static_rules.model import StaticHeader, StaticRoute

ServiceType = Literal["web_service", "private_service", "background_worker", "cron_job", "static_site"]
Runtime = Literal["docker", "elixir", "go", "image", "node", "python", "ruby", "rust"]
Trigger = Literal["commit", "checksPass", "off"]
Generation = Literal["off", "manual", "automatic"]
SubdomainPolicy = Literal["enabled", "disabled"]

SHORT: dict[ServiceType, str] = {
    "web_service": "web",
    "private_service": "pserv",
    "background_worker": "worker",
    "cron_job": "cron",
    "static_site": "static",
}
"""Render's short names of the types, in URLs, links and RENDER_SERVICE_TYPE."""
SERVING: frozenset[ServiceType] = frozenset({"web_service", "private_service", "background_worker"})
"""The types that have instances."""


class MaintenanceMode(Frozen):
    """Whether visitors see a page instead of the service; an empty `uri` is Render's own page."""

    enabled: bool
    uri: str


class BuildFilter(Frozen):
    """Paths that start or do not start an automatic deploy."""

    paths: tuple[str, ...]
    ignored_paths: tuple[str, ...]


class Service(Member):
    """A service of any type. What a type does not have keeps its default."""

    kind: ClassVar = "service"

    type: ServiceType
    name: str
    slug: str
    url: str
    owner_id: str
    suspended: bool = False
    created_at: str

    repo: str | None = None  # or an image
    branch: str = ""
    head: str | None = None  # the commit that was deployed last because the branch moved
    image: str | None = None
    registry_credential_id: str | None = None
    root_dir: str = ""
    auto_deploy_trigger: Trigger = "commit"
    build_filter: BuildFilter | None = None

    runtime: Runtime | None = None  # of all but static sites
    build_command: str = ""
    start_command: str = ""
    docker_command: str = ""
    docker_context: str = ""
    dockerfile_path: str = ""
    pre_deploy_command: str = ""
    publish_path: str = ""

    plan: str = "starter"
    region: Region = "oregon"
    num_instances: int = 1
    max_shutdown_delay_seconds: int = 30
    health_check_path: str = ""
    schedule: str = ""
    last_successful_run_at: str | None = None

    env_vars: tuple[EnvVar, ...] = ()
    secret_files: tuple[SecretFile, ...] = ()
    headers: tuple[StaticHeader, ...] = ()
    routes: tuple[StaticRoute, ...] = ()
    maintenance_mode: MaintenanceMode = MaintenanceMode(enabled=False, uri="")
    render_subdomain_policy: SubdomainPolicy = "enabled"
    previews: Generation = "off"

    @property
    def command(self) -> str:
        """What starts it; empty means the release's own."""
        return self.start_command or self.docker_command
