"""What a stack file says of what runs at Render: all that a preview has, and part of an environment. No Pulumi."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, InstanceOf

from infra import hosts
from infra.application import Application
from infra.aws_account import Aws
from infra.gate import Gate
from infra.names import Names
from infra.render_plans import (
    REPLICA_DISK_GB,
    CachePlan,
    ComputePlan,
    DatabasePlan,
    DiskGb,
    EvictionPolicy,
    RenderRegion,
)
from infra.settings import Settings
from infra.variables import VariableName

Host = Annotated[str, AfterValidator(hosts.canonical)]
Domain = Annotated[str, AfterValidator(hosts.domain)]


class GitHub(Settings):
    """Whose workflows may deploy. The ids stay when a name is given up and taken by somebody else."""

    organization: str = Field(pattern=r"^[A-Za-z0-9-]+$")
    organization_id: int = Field(ge=1)
    repository: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    repository_id: int = Field(ge=1)

    @property
    def url(self) -> str:
        return f"https://github.com/{self.organization}/{self.repository}"


class Domains(Settings):
    """Names of our own, beside the ones that Render gives. Of an apex and its www name the first serves."""

    web: tuple[Domain, ...] = ()
    frontend: Annotated[tuple[str, ...], AfterValidator(hosts.moved)] = ()  # of the static site that there was


class Web(Settings):
    plan: ComputePlan
    instances: int = Field(default=1, ge=1, le=100)


class Worker(Settings):
    plan: ComputePlan
    instances: int = Field(default=1, ge=1, le=100)


class AllowedRange(Settings):
    cidr: str = Field(pattern=r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$")
    description: str = Field(min_length=1)


class Database(Settings):
    plan: DatabasePlan
    version: Literal["13", "14", "15", "16", "17", "18"] = "16"
    disk_gb: DiskGb = 10
    enable_disk_autoscaling: bool | None = None  # unset: as it is at Render
    high_availability: bool = False
    read_replicas: int = Field(default=0, ge=0, le=5)
    ip_allow_list: tuple[AllowedRange, ...] = ()


class Cache(Settings):
    plan: CachePlan
    eviction: EvictionPolicy = "allkeys_lru"


class Hosts(BaseModel):
    """The hosts that a stack file names, beside everything else that it says."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    domains: Domains = Domains()
    allowed_hosts: tuple[Host, ...] = ()

    @property
    def declared(self) -> hosts.Declared:
        return hosts.Declared(self.domains.web, self.allowed_hosts)


class Running(Hosts, Settings):
    """What the components of `infra` that are at Render are told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    application: InstanceOf[Application] = Field(exclude=True)  # whose it is; not a setting
    environment: str
    branch: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")
    auto_deploy: Literal["commit", "checksPass", "off"] = "commit"
    region: RenderRegion
    github: GitHub
    variables: dict[VariableName, str] = Field(default_factory=dict)
    web: Web
    worker: Worker
    database: Database
    cache: Cache
    gate: Gate = Gate()
    aws: Aws

    @property
    def names(self) -> Names:
        """What everything of it is called."""
        return Names(self.application.name, self.environment, self.aws.account)

    @property
    def migrate(self) -> str:
        """What makes the database ready for a release, before it gets traffic."""
        return self.application.migrate

    @property
    def keeps_data(self) -> bool:
        """Whether what holds data outlives `pulumi destroy`."""
        return False

    @property
    def plain_variables(self) -> dict[str, str]:
        """Everything that services are told, is no secret and known before anything exists."""
        return {**self.application.variables, **self.variables, "ENVIRONMENT": self.environment}

    def database_breaches(self) -> list[str]:
        """What Render would refuse of the database."""
        database, wrong = self.database, []
        if database.high_availability and database.plan.startswith("basic_"):
            wrong.append(f"database/high_availability: needs a pro or accelerated plan, got {database.plan}")
        if database.read_replicas and (database.plan == "basic_256mb" or database.disk_gb < REPLICA_DISK_GB):
            wrong.append(
                f"database/read_replicas: need basic_1gb or more and a disk of {REPLICA_DISK_GB} GB, "
                f"got {database.plan} and {database.disk_gb} GB"
            )
        return wrong
