"""What restores the dumps that a person lays below `drops/` of the backup bucket (docs/runbooks/companion.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from infra import config, ops_jobs
from infra.config import Stack
from infra.lookups import Answers
from infra.source import Source
from infra.variables import COMPANION_KEY
from render_provider import resources as render


class Companion(pulumi.ComponentResource):
    """A background worker of the ops image, which stops and starts the others: only where the stack file wants it.

    Made first and deployed later, when its role trusts it by its id. It follows no release.
    """

    def __init__(
        self,
        name: str,
        stack: Stack,
        settings: config.Companion,
        *,
        environment_id: pulumi.Input[str],
        source: Source,
        variables: Mapping[str, pulumi.Input[str]],
        after: pulumi.Resource,
    ) -> None:
        super().__init__(stack.names.component("Companion"), name)
        self._name, self._source = name, source

        self.service = render.BackgroundWorker(
            name,
            name=stack.names.job(ops_jobs.COMPANION),
            environment_id=environment_id,
            region=stack.region,
            plan=settings.plan,
            num_instances=1,
            max_shutdown_delay_seconds=ops_jobs.COMPANION_ENDS_SECONDS,
            docker_command=ops_jobs.command(stack, ops_jobs.COMPANION),
            env_vars={**ops_jobs.companion_variables(stack), **variables, **source.variables},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[after]),
            **source.service,
        )
        self.register_outputs({})

    def release(self, after: Sequence[pulumi.Resource]) -> None:
        """Have it do what it was told last."""
        render.Deploy(
            self._name,
            service_id=self.service.id,
            triggers={"service": self.service.revision, **self._source.triggers},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*after]),
            **self._source.deploy,
        )


def wanted(
    name: str,
    stack: Stack,
    answers: Answers,
    *,
    environment_id: pulumi.Input[str],
    source: Source,
    variables: Mapping[str, pulumi.Input[str]],
    after: pulumi.Resource,
) -> list[Companion]:
    """The one that the stack file wants, with the key of Render's that a person has put into the vault for it."""
    if stack.companion is None:
        return []
    at_render: dict[str, pulumi.Input[str]] = {
        "RENDER_API_KEY": answers.secrets[COMPANION_KEY],
        "RENDER_OWNER_ID": answers.render_owner,
    }
    if answers.render_host:
        at_render["RENDER_HOST"] = answers.render_host
    return [
        Companion(
            name,
            stack,
            stack.companion,
            environment_id=environment_id,
            source=source,
            variables={**variables, **at_render},
            after=after,
        )
    ]
