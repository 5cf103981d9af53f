"""The application's background worker."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from infra.components.rollout import Shared, roll_out
from infra.components.web import Web
from infra.running import Running
from render_provider import resources as render
from render_provider.args import Gate


class Worker(pulumi.ComponentResource):
    """The same image with another command, released after the web service has migrated.

    Nothing of it is touched before: Render deploys a service as soon as it is made, and a failed release of the web
    service leaves the worker as it was.
    """

    def __init__(
        self,
        name: str,
        stack: Running,
        shared: Shared,
        *,
        variables: Mapping[str, pulumi.Input[str]],
        web: Web,
        after: pulumi.Resource,
    ) -> None:
        super().__init__(stack.names.component("Worker"), name)

        service = render.BackgroundWorker(
            name,
            name=stack.names.worker,
            environment_id=shared.environment_id,
            region=stack.region,
            plan=stack.worker.plan,
            num_instances=stack.worker.instances,
            docker_command=stack.application.worker,
            env_vars={**variables, **shared.source.variables},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[after]),
            **shared.source.service,
        )
        gate: Gate = {"watch_seconds": stack.gate.watch_seconds, "watches_too": web.service.id}
        if proof := stack.application.workers:
            gate["workers_url"] = web.url.apply(lambda url: f"{url}{proof}")
        roll_out(name, service, shared, parent=self, gate=gate, after=[after])

        self.register_outputs({})
