"""The jobs that keep an environment's data: they back up, copy media, and try a restore."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import pulumi

from infra.components.companion import Companion
from infra.config import Stack
from infra.ops_jobs import COMPANION, IDENTITIES, command
from infra.source import Source
from render_provider import resources as render


class BackupJobs(pulumi.ComponentResource):
    """Cron jobs of the ops image, each with exactly the identity that it needs, and nothing of the env group.

    They follow no release: what keeps the data goes on while one fails. Made first and deployed later, when the roles
    trust them by their ids.
    """

    def __init__(
        self,
        name: str,
        stack: Stack,
        *,
        environment_id: pulumi.Input[str],
        source: Source,
        variables: Mapping[str, pulumi.Input[str]],
        identity: Callable[[str], Mapping[str, pulumi.Input[str]]],
        after: pulumi.Resource,
    ) -> None:
        super().__init__(stack.names.component("BackupJobs"), name)
        self._name, self._source = name, source

        self._jobs = {
            job: render.CronJob(
                f"{name}-{job}",
                name=stack.names.job(job),
                environment_id=environment_id,
                region=stack.region,
                plan=stack.jobs.plan,
                schedule=schedule,
                docker_command=command(stack, job),
                env_vars={
                    **stack.job_variables(job),
                    **variables,
                    **source.variables,
                    **identity(IDENTITIES[job]),
                },
                # They are told how long is kept: only once the bucket keeps it so long.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[after]),
                **source.service,
            )
            for job, schedule in stack.backup_schedules.items()
        }

        self.register_outputs({})

    def ids(self, companions: Iterable[Companion] = ()) -> dict[str, list[pulumi.Output[str]]]:
        """The services that act as each identity; the companion, where there is one, as the drill's."""
        found: dict[str, list[pulumi.Output[str]]] = {}
        for job, service in self._jobs.items():
            found.setdefault(IDENTITIES[job], []).append(service.id)
        for companion in companions:
            found.setdefault(IDENTITIES[COMPANION], []).append(companion.service.id)
        return found

    def release(self, after: Sequence[pulumi.Resource]) -> None:
        """Have each run what it was told last."""
        for job, service in self._jobs.items():
            render.Deploy(
                f"{self._name}-{job}",
                service_id=service.id,
                triggers={"service": service.revision, **self._source.triggers},
                opts=pulumi.ResourceOptions(parent=self, depends_on=[*after]),
                **self._source.deploy,
            )
