"""The application's commands on a schedule."""

from __future__ import annotations

import pulumi

from infra.components.rollout import Shared, roll_out
from infra.config import Stack
from render_provider import resources as render
from render_provider.args import Gate


class Jobs(pulumi.ComponentResource):
    """One cron job for each command, released after the web service has migrated."""

    def __init__(
        self,
        name: str,
        stack: Stack,
        shared: Shared,
        *,
        after: pulumi.Resource,
    ) -> None:
        super().__init__(stack.names.component("Jobs"), name)

        for command, schedule in stack.schedules.items():
            job = render.CronJob(
                f"{name}-{command}",
                name=stack.names.job(command),
                environment_id=shared.environment_id,
                region=stack.region,
                plan=stack.jobs.plan,
                schedule=schedule,
                docker_command=f"{stack.application.job} {command}",
                env_vars=shared.source.variables,
                opts=pulumi.ResourceOptions(parent=self, depends_on=[after]),
                **shared.source.service,
            )
            check = stack.application.check
            gate: Gate = {"check_command": f"{stack.application.job} {command} {check}"} if check else {}
            roll_out(f"{name}-{command}", job, shared, parent=self, gate=gate, after=[after])

        self.register_outputs({})
