"""What a stack may say in Pulumi.<stack>.yaml, and nothing else. Imports no Pulumi."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from infra import hosts
from infra.aws_regions import REGIONS

PROD_DAILY_BACKUPS = 30  # days; the retention that the operators' documents promise
REPLICA_DISK_GB = 10  # Render's least for a database that has replicas

Environment = Literal["dev", "staging", "prod"]
ENVIRONMENTS: tuple[Environment, ...] = ("dev", "staging", "prod")
RenderRegion = Literal["frankfurt", "ohio", "oregon", "singapore", "virginia"]
ComputePlan = Literal["starter", "standard", "pro", "pro_plus", "pro_max", "pro_ultra"]
DatabasePlan = Literal[
    "basic_256mb", "basic_1gb", "basic_4gb",
    "pro_4gb", "pro_8gb", "pro_16gb", "pro_32gb", "pro_64gb", "pro_128gb", "pro_192gb", "pro_256gb",
    "accelerated_16gb", "accelerated_32gb", "accelerated_64gb", "accelerated_128gb", "accelerated_256gb",
]  # fmt: skip
CachePlan = Literal["free", "starter", "standard", "pro", "pro_plus"]
EvictionPolicy = Literal[
    "noeviction", "allkeys_lru", "allkeys_lfu", "allkeys_random",
    "volatile_lru", "volatile_lfu", "volatile_random", "volatile_ttl",
]  # fmt: skip

SECRET_NAME = re.compile(r"(^|_)(SECRET|SECRETS|KEY|PASSWORD|TOKEN|DSN|URL)$")
DECIDED_HERE = re.compile(
    r"^(ENVIRONMENT|APP_VERSION|PORT|STORAGE_BUCKET|AWS_.*|RENDER_.*|((DEV|STAGING|PROD|DJANGO)_)?(ALLOWED_HOSTS|CSRF_TRUSTED_ORIGINS))$"
)
MADE_HERE = re.compile(r"^(((DEV|STAGING|PROD)_)?DATABASE_URL|REDIS_URL|DJANGO_SECRET_KEY|JWT_SECRETS)$")
NO_SECRETS = {"DJANGO_DEBUG", "LOG_LEVEL"}  # the program's own `variables`, with rules of their own
PUBLIC_URLS = {"EMAIL_BASE_URL", "MEDIA_URL", "STATIC_URL", "STORAGE_PUBLIC_BASE_URL"}


def _cron(schedule: str) -> str:
    if len(schedule.split()) != 5 or not re.fullmatch(r"[\d*/,\- ]+", schedule):
        raise ValueError(f"`{schedule}` is not a schedule: five fields, for example `17 3 * * *`")
    return schedule


def _disk(gigabytes: int) -> int:
    if gigabytes != 1 and gigabytes % 5:
        raise ValueError(f"Render sells 1 or a multiple of 5 GB, not {gigabytes}")
    return gigabytes


def _aws_region(name: str) -> str:
    if name not in REGIONS:
        close = get_close_matches(name, REGIONS, n=1)
        raise ValueError(f"`{name}` is not an AWS region" + (f"; did you mean `{close[0]}`?" if close else ""))
    return name


def secret_name(name: str) -> str:
    """The name that a secret of one's own may have; what may be a value is not repeated."""
    if "=" in name:
        raise ValueError(f"`{name.partition('=')[0]}=…` gives a value, and only a name belongs here")
    if not re.fullmatch(VARIABLE, name):
        meant = re.sub(r"\W", "_", name.upper())
        suggested = f"; did you mean `{meant}`?" if re.fullmatch(VARIABLE, meant) else ""
        raise ValueError(f"`{name}` is not the name of a variable: capitals, digits and _{suggested}")
    if DECIDED_HERE.match(name) or MADE_HERE.match(name):
        raise ValueError(f"`{name}` is decided by the program")
    if name in NO_SECRETS:
        raise ValueError(f"`{name}` is no secret: it belongs into cams:variables")
    return name


VARIABLE = r"^[A-Z][A-Z0-9_]*$"
Host = Annotated[str, AfterValidator(hosts.canonical)]
Domain = Annotated[str, AfterValidator(hosts.domain)]
Schedule = Annotated[str, AfterValidator(_cron)]
VariableName = Annotated[str, Field(pattern=VARIABLE)]
SecretName = Annotated[str, AfterValidator(secret_name)]


class Settings(BaseModel):
    """Frozen and closed: a typo in a key is an error, never a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Aws(BaseModel):
    """The settings of the AWS plugin that names and policies need too; it may have others, which are its own."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    region: Annotated[str, AfterValidator(_aws_region)]
    allowedAccountIds: tuple[Annotated[str, Field(pattern=r"^\d{12}$")]] = Field(  # noqa: N815 (the plugin's own name)
        description="The one account this environment lives in; credentials of another are refused."
    )

    @property
    def account(self) -> str:
        return self.allowedAccountIds[0]


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
    frontend: tuple[Domain, ...] = ()


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
    disk_gb: Annotated[int, Field(ge=1), AfterValidator(_disk)] = 10
    enable_disk_autoscaling: bool | None = None  # unset: as it is at Render
    high_availability: bool = False
    read_replicas: int = Field(default=0, ge=0, le=5)
    ip_allow_list: tuple[AllowedRange, ...] = ()


class Cache(Settings):
    plan: CachePlan
    eviction: EvictionPolicy = "allkeys_lru"


class Backups(Settings):
    """How long each class of backups is kept: days, weeks, months."""

    daily: int = Field(ge=1)
    weekly: int = Field(ge=1)
    monthly: int = Field(ge=1)
    object_lock_days: int | None = Field(default=None, ge=1)


class Alarms(Settings):
    backup_after_hours: int = Field(default=26, ge=2, le=168)


class Hosts(BaseModel):
    """The hosts that a stack file names, beside everything else that it says."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    domains: Domains = Domains()
    allowed_hosts: tuple[Host, ...] = ()

    @property
    def declared(self) -> hosts.Declared:
        return hosts.Declared({"web": self.domains.web, "frontend": self.domains.frontend}, self.allowed_hosts)


class Stack(Hosts, Settings):
    """One environment, whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    environment: Environment
    branch: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")
    source: Literal["image", "branch"]
    auto_deploy: Literal["commit", "checksPass", "off"] = "commit"
    region: RenderRegion
    identity: Literal["oidc", "access_key"]
    github: GitHub
    variables: dict[VariableName, str] = Field(default_factory=dict)
    secrets: tuple[SecretName, ...] = Field(default=(), description="Names; `slipway secret set` keeps the values.")
    web: Web
    worker: Worker
    jobs: Jobs
    database: Database
    cache: Cache
    backups: Backups
    alarms: Alarms = Alarms()
    aws: Aws

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
        host_rules = hosts.breaches(self.environment, self.declared, others)
        rules = (self._backup_rules, self._database_rules, self._exposure_rules, self._secret_rules)
        if breaches := [*host_rules, *(breach for rule in rules for breach in rule())]:
            raise ValueError("\n".join(breaches))
        return self

    def _backup_rules(self) -> list[str]:
        told, kept, lock = [], self.backups.daily, self.backups.object_lock_days
        if self.is_prod and kept < PROD_DAILY_BACKUPS:
            told.append(f"backups/daily: prod keeps at least {PROD_DAILY_BACKUPS} days, got {kept}")
        if self.is_prod and lock is None:
            told.append("backups/object_lock_days: is required in prod")
        if self.environment == "dev" and lock is not None:
            told.append("backups/object_lock_days: dev can be destroyed, so its backups are not locked")
        if lock is not None and lock > kept:
            told.append(f"backups/object_lock_days: longer than daily backups are kept ({lock} > {kept})")
        return told

    def _database_rules(self) -> list[str]:
        database, told = self.database, []
        if database.high_availability and database.plan.startswith("basic_"):
            told.append(f"database/high_availability: needs a pro or accelerated plan, got {database.plan}")
        if database.read_replicas and (database.plan == "basic_256mb" or database.disk_gb < REPLICA_DISK_GB):
            told.append(
                f"database/read_replicas: need basic_1gb or more and a disk of {REPLICA_DISK_GB} GB, "
                f"got {database.plan} and {database.disk_gb} GB"
            )
        return told

    def _exposure_rules(self) -> list[str]:
        told = []
        for name, value in self.variables.items():
            if DECIDED_HERE.match(name) or MADE_HERE.match(name):
                told.append(f"variables/{name}: is decided by the program")
            elif SECRET_NAME.search(name) and name not in PUBLIC_URLS:
                told.append(
                    f"variables/{name}: looks like a secret, and a stack file is read by everybody: "
                    f"name it in cams:secrets, then ./slipway secret set {self.environment} {name}"
                )
            elif self.is_prod and (host := hosts.of_url(value)) and hosts.is_development(host):
                told.append(f"variables/{name}: `{host}` is a development host, not for prod")
            if name == "DJANGO_DEBUG" and value.lower() in {"1", "true", "yes", "on"} and self.environment != "dev":
                told.append(f"variables/{name}: debug pages are for dev alone")
        return told

    def _secret_rules(self) -> list[str]:
        told = [f"secrets/{name}: is named twice" for name, times in Counter(self.secrets).items() if times > 1]
        return told + [f"secrets/{name}: is in variables, too" for name in self.secrets if name in self.variables]
