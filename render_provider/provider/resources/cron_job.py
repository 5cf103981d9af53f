"""A command that runs on a schedule. https://api-docs.render.com/reference/create-service"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from render_provider.provider.running import RunInputs, RunService

FIVE_FIELDS = r"^\S+(\s+\S+){4}$"


class CronJobInputs(RunInputs):
    """`schedule` is a cron expression, in UTC."""

    schedule: Annotated[str, Field(pattern=FIVE_FIELDS)]


class CronJob(RunService[CronJobInputs]):
    """Its runs take up the deployed image or build."""

    type_ = "render:index:CronJob"
    service_type = "cron_job"
    inputs = CronJobInputs
    details: ClassVar[tuple[str, ...]] = (*RunService.details, "schedule")
