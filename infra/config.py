"""What a stack may say in Pulumi.<stack>.yaml, and nothing else. Imports no Pulumi."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, InstanceOf, ValidationInfo, model_validator

from infra import age, hosts, variables
from infra.aws_account import Aws, Neighbour
from infra.names import EnvironmentNames
from infra.provenance import Trust
from infra.render_plans import ComputePlan
from infra.running import Running
from infra.settings import Settings
from infra.variables import SecretName

PROD_DAILY_BACKUPS = 30  # days; the retention that the operators' documents promise

Environment = Literal["dev", "staging", "prod"]
ENVIRONMENTS: tuple[Environment, ...] = ("dev", "staging", "prod")


def _cron(schedule: str) -> str:
    if len(schedule.split()) != 5 or not re.fullmatch(r"[\d*/,\- ]+", schedule):
        raise ValueError(f"`{schedule}` is not a schedule: five fields, for example `17 3 * * *`")
    return schedule


Schedule = Annotated[str, AfterValidator(_cron)]
Recipient = Annotated[str, AfterValidator(age.recipient)]


class Jobs(Settings):
    """Commands on a schedule (UTC)."""

    plan: ComputePlan
    clear_sessions: Schedule = "17 3 * * *"


class Backups(Settings):
    """How long each class of backups is kept: days, weeks, months; and for how long nobody can delete any.

    When they are made and tried (UTC), where copies of media go, and who besides the environment can open them.
    """

    daily: int = Field(ge=1)
    weekly: int = Field(ge=1)
    monthly: int = Field(ge=1)
    object_lock_days: int | None = Field(default=None, ge=1, le=36_500)
    schedule: Schedule = "37 1 * * *"
    media_schedule: Schedule = "7 2 * * *"
    drill_schedule: Schedule = "23 4 * * 1"
    media_target: str = Field(default="", pattern=r"^\S*$")  # unset: the backup bucket
    recipients: tuple[Recipient, ...] = ()  # age's, of the recovery keys that people hold

    @property
    def days(self) -> dict[str, int]:
        """How long each class is kept, by its name, which is also what its keys begin with."""
        return {"daily": self.daily, "weekly": self.weekly * 7, "monthly": self.monthly * 31}


class Companion(Settings):
    """The restore companion: a background worker that restores what is laid into the backup bucket."""

    plan: ComputePlan


class Maintenance(Settings):
    """Whom the maintenance page names: a mail address, whose it is, and a page that tells how it goes on."""

    contact_email: str = Field(default="", pattern=r"^([^@\s]+@[^@\s]+)?$")
    contact_label: str = Field(default="", max_length=80)
    contact_link: str = Field(default="", pattern=r"^(https://\S+)?$")

    @property
    def variables(self) -> dict[str, str]:
        """What the page is rendered with."""
        return {f"MAINTENANCE_{name.upper()}": value for name, value in self.model_dump().items() if value}


class Alarms(Settings):
    backup_after_hours: int = Field(default=26, ge=2, le=168)
    media_after_hours: int = Field(default=26, ge=2, le=168)


class Stack(Running):
    """One environment of an application, whole."""

    neighbours: Mapping[str, InstanceOf[Aws]] = Field(default_factory=dict, exclude=True)  # what their own files say
    environment: Environment
    source: Literal["image", "branch"]
    identity: Literal["oidc", "access_key"]
    release: Trust = Trust()
    secrets: tuple[SecretName, ...] = Field(default=(), description="Names; `slipway secret set` keeps the values.")
    jobs: Jobs
    backups: Backups
    alarms: Alarms = Alarms()
    maintenance: Maintenance = Maintenance()
    companion: Companion | None = Field(
        default=None, description="Unset: none. It needs COMPANION_RENDER_API_KEY: docs/runbooks/companion.md"
    )

    @property
    def kept_secrets(self) -> tuple[str, ...]:
        """What the vault has to hold: of the services, and of the companion alone."""
        return (*self.secrets, variables.COMPANION_KEY) if self.companion else self.secrets

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
        return {**super().plain_variables, **self._storage}

    @property
    def _storage(self) -> dict[str, str]:
        """Where files are. Every SDK but Python's reads the first name of the region, Python's the second alone."""
        region = self.aws.region
        return {
            "STORAGE_BUCKET": self.names.bucket("media"),
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
        }

    @property
    def schedules(self) -> dict[str, str]:
        """When which command of the application runs."""
        return {self.application.clear_sessions: self.jobs.clear_sessions}

    @property
    def backup_schedules(self) -> dict[str, str]:
        """When which job of the ops image runs, by the last word of its name."""
        backups = self.backups
        return {"backup": backups.schedule, "media": backups.media_schedule, "drill": backups.drill_schedule}

    def job_variables(self, job: str) -> dict[str, str]:
        """What such a job is told of the stack file, by the names that operators know."""
        backups, bucket = self.backups, self.names.bucket("backups")
        return {
            "SLIPWAY_JOB": job,
            "ENVIRONMENT": self.environment,
            **self._storage,
            "DB_BACKUP_CRON": backups.schedule,
            "DB_BACKUP_RETENTION_DAYS": str(backups.daily),
            "MEDIA_BACKUP_CRON": backups.media_schedule,
            "MEDIA_BACKUP_TARGET": backups.media_target or f"s3://{bucket}/media",
        }

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
        wrong += self._backup_rules() + self.database_breaches()
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
