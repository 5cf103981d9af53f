"""Where backups of one environment are made and kept: found from the doors by people, from its variables by a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from console.errors import WRONG_USE, ExplainedError
from infra import age
from infra.config import Stack
from ops.account.at_aws import require_account
from ops.backups import keys
from ops.context import Context
from ops.doors import aws
from ops.doors.aws import Clients
from ops.doors.cloud import JOB, Cloud
from ops.doors.objects import Objects
from ops.environments.stacks import load
from ops.migrations import source
from ops.releases.records import Records

RECIPIENTS = "BACKUP_RECIPIENTS"
Clock = Callable[[], datetime]


def utc() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Place:
    """Of one environment. What is asked of others is asked when it is needed."""

    context: Context
    cloud: Cloud
    stack: Stack
    clients: Clients
    objects: Objects
    """The bucket of its backups."""
    now: Clock = utc

    @property
    def environment(self) -> str:
        return self.stack.environment

    @property
    def is_job(self) -> bool:
        """Whether nobody is there: all that is known is in the variables that the infrastructure has set."""
        return bool(self.cloud.variables.get(JOB))

    def database(self) -> str:
        """Its address, with the password in it: never printed. DATABASE_URL goes first."""
        if url := self.cloud.variables.get("DATABASE_URL"):
            if not self.is_job:
                self.context.output.say(f"the database of {self.environment} is the one that DATABASE_URL names")
            return url
        if self.is_job:
            raise _without("DATABASE_URL")
        return source.address(self.context, self.stack)

    def recipients(self) -> tuple[str, ...]:
        """Whom backups are sealed for: the environment's own key, and the recovery keys that people hold."""
        if given := self.cloud.variables.get(RECIPIENTS, "").replace(",", " ").split():
            try:
                return tuple(dict.fromkeys(map(age.recipient, given)))
            except ValueError as error:
                raise ExplainedError(f"{RECIPIENTS} is wrong", str(error), code=WRONG_USE) from error
        if self.is_job:
            raise _without(RECIPIENTS)
        own = keys.key(self.stack, self.clients).recipients
        return tuple(dict.fromkeys((*own, *self.stack.backups.recipients)))

    def release(self) -> str | None:
        """The digest of the image that runs."""
        if self.is_job:
            return self.cloud.variables.get("APP_VERSION") or None
        current = Records(self.stack, self.clients("ssm")).current()
        return current.digest if current else None

    def metric(self, name: str, value: float) -> None:
        """Tell CloudWatch, whose alarms read it."""
        data = {
            "MetricName": name,
            "Value": value,
            "Dimensions": [{"Name": "Environment", "Value": self.environment}],
            "Timestamp": self.now(),
        }
        with aws.told(f"cannot report {name} of {self.environment}"):
            self.clients("cloudwatch").put_metric_data(Namespace=self.stack.names.metrics, MetricData=[data])


def of(context: Context, environment: str) -> Place:
    """That of an environment, in the cloud that the process environment names."""
    stack, cloud = load(environment), context.doors.choose()
    clients = context.doors.aws(cloud, stack.aws.region)
    require_account(clients("sts"), stack.aws.account)
    bucket = context.doors.objects(clients, stack.names.bucket("backups"))
    return Place(context, cloud, stack, clients, bucket)


def _without(name: str) -> ExplainedError:
    return ExplainedError(
        "this job cannot go on", f"{name} is not set", hint="./slipway up ENV sets it", code=WRONG_USE
    )
