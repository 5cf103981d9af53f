"""What a stack may say in Pulumi.<stack>.yaml, and nothing else. Imports no Pulumi."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, InstanceOf, ValidationInfo, model_validator

from infra import hosts, variables
from infra.application import Application
from infra.aws_account import Aws, Neighbour
from infra.gate import Gate
from infra.names import EnvironmentNames, Names
from infra.provenance import Trust
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
from infra.variables import SecretName, VariableName

PROD_DAILY_BACKUPS = 30  # days; the retention that the operators' documents promise

Environment = Literal["dev", "staging", "prod"]
ENVIRONMENTS: tuple[Environment, ...] = ("dev", "staging", "prod")


def _cron(schedule: str) -> str:
    if len(schedule.split()) != 5 or not re.fullmatch(r"[\d*/,\- ]+", schedule):
        raise ValueError(f"`{schedule}` is not a schedule: five fields, for example `17 3 * * *`")
    return schedule


Host = Annotated[str, AfterValidator(hosts.canonical)]
Domain = Annotated[str, AfterValidator(hosts.domain)]
Schedule = Annotated[str, AfterValidator(_cron)]


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


class Jobs(Settings):
    """Commands on a schedule (UTC)."""

    plan: ComputePlan
    clear_sessions: Schedule = "17 3 * * *"


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


class Backups(Settings):
    """How long each class of backups is kept: days, weeks, months; and for how long nobody can delete any."""

    daily: int = Field(ge=1)
    weekly: int = Field(ge=1)
    monthly: int = Field(ge=1)
    object_lock_days: int | None = Field(default=None, ge=1, le=36_500)

    @property
    def days(self) -> dict[str, int]:
        """How long each class is kept, by its name, which is also what its keys begin with."""
        return {"daily": self.daily, "weekly": self.weekly * 7, "monthly": self.monthly * 31}


class Alarms(Settings):
    backup_after_hours: int = Field(default=26, ge=2, le=168)


class Hosts(BaseModel):
    """The hosts that a stack file names, beside everything else that it says."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    domains: Domains = Domains()
    allowed_hosts: tuple[Host, ...] = ()

    @property
    def declared(self) -> hosts.Declared:
        return hosts.Declared(self.domains.web, self.allowed_hosts)


class Stack(Hosts, Settings):
    """One environment of an application, whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    application: InstanceOf[Application] = Field(exclude=True)  # whose it is; not a setting
    neighbours: Mapping[str, InstanceOf[Aws]] = Field(default_factory=dict, exclude=True)  # what their own files say
    environment: Environment
    branch: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")
    source: Literal["image", "branch"]
    auto_deploy: Literal["commit", "checksPass", "off"] = "commit"
    region: RenderRegion
    identity: Literal["oidc", "access_key"]
    github: GitHub
    release: Trust = Trust()
    variables: dict[VariableName, str] = Field(default_factory=dict)
    secrets: tuple[SecretName, ...] = Field(default=(), description="Names; `slipway secret set` keeps the values.")
    web: Web
    worker: Worker
    jobs: Jobs
    database: Database
    cache: Cache
    backups: Backups
    alarms: Alarms = Alarms()
    gate: Gate = Gate()
    aws: Aws

    @property
    def names(self) -> Names:
        """What everything of it is called."""
        return Names(self.application.name, self.environment, self.aws.account)

    @property
    def before(self) -> Neighbour | None:
        """The environment that its releases come from."""
        return self._neighbour(-1)

    @property
    def after(self) -> Neighbour | None:
        """The environment that its releases go to."""
        return self._neighbour(1)

    def _neighbour(self, steps: int) -> Neighbour | None:
        place = ENVIRONMENTS.index(self.environment) + steps
        if place not in range(len(ENVIRONMENTS)):
            return None
        environment = ENVIRONMENTS[place]
        names = EnvironmentNames(self.application.name, environment)
        return Neighbour(names, self.neighbours.get(environment, self.aws))

    @property
    def plain_variables(self) -> dict[str, str]:
        """Everything that services are told, is no secret and known before anything exists."""
        return {
            **self.application.variables,
            **self.variables,
            "ENVIRONMENT": self.environment,
            "STORAGE_BUCKET": self.names.bucket("media"),
            # Every SDK but Python's reads the first, Python's the second alone.
            "AWS_REGION": self.aws.region,
            "AWS_DEFAULT_REGION": self.aws.region,
        }

    @property
    def schedules(self) -> dict[str, str]:
        """When which command of the application runs."""
        return {self.application.clear_sessions: self.jobs.clear_sessions}

    @property
    def is_prod(self) -> bool:
        return self.environment == "prod"

    @property
    def keeps_data(self) -> bool:
        """Whether what holds data outlives `pulumi destroy`: everywhere but in dev."""
        return self.environment != "dev"

    @model_validator(mode="after")
    def _rules(self, info: ValidationInfo) -> Self:
        others: Mapping[str, hosts.Declared] = info.context or {}  # what the other stack files declare
        wrong = hosts.breaches(self.environment, self.declared, others)
        if self.is_prod:
            wrong += hosts.development_breaches(self.declared, self.names)
        wrong += self._backup_rules() + self._database_rules()
        wrong += variables.breaches(self.names, self.variables, self.secrets)
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    def _backup_rules(self) -> list[str]:
        wrong, kept, lock = [], self.backups.daily, self.backups.object_lock_days
        longest, days = max(self.backups.days.items(), key=lambda one: one[1])
        if self.is_prod and kept < PROD_DAILY_BACKUPS:
            wrong.append(f"backups/daily: prod keeps at least {PROD_DAILY_BACKUPS} days, got {kept}")
        if self.is_prod and lock is None:
            wrong.append("backups/object_lock_days: is required in prod")
        if self.environment == "dev" and lock is not None:
            wrong.append("backups/object_lock_days: dev can be destroyed, so its backups are not locked")
        if lock is not None and lock < days:
            wrong.append(f"backups/object_lock_days: shorter than {longest} backups are kept ({lock} < {days})")
        return wrong

    def _database_rules(self) -> list[str]:
        database, wrong = self.database, []
        if database.high_availability and database.plan.startswith("basic_"):
            wrong.append(f"database/high_availability: needs a pro or accelerated plan, got {database.plan}")
        if database.read_replicas and (database.plan == "basic_256mb" or database.disk_gb < REPLICA_DISK_GB):
            wrong.append(
                f"database/read_replicas: need basic_1gb or more and a disk of {REPLICA_DISK_GB} GB, "
                f"got {database.plan} and {database.disk_gb} GB"
            )
        return wrong
