"""A command that runs on a schedule. https://api-docs.render.com/reference/create-service"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from render_provider.provider.running import RunInputs, RunService

FIVE_FIELDS = r"^\S+(\s+\S+){4}$"


class CronJobInputs(RunInputs):
    """A command on a schedule, in UTC."""

    schedule: Annotated[str, Field(pattern=FIVE_FIELDS)]
    """A cron expression of five fields, in UTC."""


class CronJob(RunService[CronJobInputs]):
    """A command that runs on a schedule.

    Its runs take up the deployed image or build. Changing it starts no deploy.
    """

    type_ = "render:index:CronJob"
    service_type = "cron_job"
    import_id = "crn-…"
    inputs = CronJobInputs
    details: ClassVar[tuple[str, ...]] = (*RunService.details, "schedule")
