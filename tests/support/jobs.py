"""The jobs that keep an environment's data, as whoever watches them sees them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from croniter import croniter

from infra.config import Stack
from infra.load import from_file
from tests.support.waiting import eventually
from tests.support.world import Environment

SECONDS = 90
T = TypeVar("T")


class Jobs:
    """Of one environment."""

    def __init__(self, environment: Environment) -> None:
        self.environment, self.world = environment, environment.world
        stack = from_file(environment.name)
        assert isinstance(stack, Stack)
        self.stack = stack

    def service(self, job: str) -> dict[str, Any]:
        """Its cron job at Render."""
        return self.world.render.service(self.stack.names.job(job))

    @property
    def now(self) -> datetime:
        """The cloud's time."""
        said = self.world.local("clock", "--json", check=True).stdout
        return datetime.fromisoformat(json.loads(said)["now"]).astimezone(UTC)

    def times(self) -> dict[str, int]:
        """Of a token that is given out now."""
        now = int(self.now.timestamp())
        return {"iat": now, "nbf": now, "exp": now + 3600}

    def next(self, job: str) -> str:
        """When the cloud's clock makes it due."""
        due: datetime = croniter(self.stack.backup_schedules[job], self.now).get_next(datetime)
        return f"{due:%Y-%m-%dT%H:%M}Z"

    def run(self, job: str) -> None:
        """Have it run now."""
        self.world.render.call("POST", f"/cron-jobs/{self.service(job)['id']}/runs")

    def stored(self, prefix: str = "") -> list[str]:
        """What is in the bucket of backups."""
        bucket = self.stack.names.bucket("backups")
        found = self.world.aws("s3").list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
        return [one["Key"] for one in found]

    def manifests(self) -> list[str]:
        """One for each backup that there is."""
        return [key for key in self.stored() if key.endswith("/manifest.json")]

    def read(self, key: str) -> Any:
        """A document in that bucket."""
        bucket = self.stack.names.bucket("backups")
        return json.loads(self.world.aws("s3").get_object(Bucket=bucket, Key=key)["Body"].read())

    def alarm(self, what: str) -> str:
        """The state that an alarm is in."""
        names = [self.stack.names.alarm(what)]
        [alarm] = self.world.aws("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
        return str(alarm["StateValue"])

    def wait_for(self, look: Callable[[], T], what: str) -> T:
        """What is there in the end."""
        found: T = eventually(look, what, SECONDS)
        return found
