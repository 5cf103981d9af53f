"""The application's web service."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from infra.components.rollout import Shared, roll_out
from infra.running import Running
from infra.source import Source
from render_provider import resources as render
from render_provider.args import Gate


class Web(pulumi.ComponentResource):
    """Migrates before each release, and is deployed when its public address shows that release.

    Made first and released later: what it is told holds the addresses that Render gives it and the front end.
    """

    service: render.WebService
    url: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        stack: Running,
        *,
        environment_id: pulumi.Input[str],
        source: Source,
        variables: Mapping[str, pulumi.Input[str]],
        page: pulumi.Input[str] | None = None,
    ) -> None:
        """`page`: what Render shows while it is in maintenance. Whether it is, is not for a program to say."""
        super().__init__(stack.names.component("Web"), name)
        self._name, self._release_path = name, stack.application.release
        self._gate: Gate = {
            "consecutive": stack.gate.consecutive,
            "watch_seconds": stack.gate.watch_seconds,
            "followed_by": stack.names.worker,
            "smoke": dict(stack.application.smoke),
        }

        self.service = render.WebService(
            name,
            name=stack.names.web,
            environment_id=environment_id,
            region=stack.region,
            plan=stack.web.plan,
            num_instances=stack.web.instances,
            health_check_path=stack.application.health,
            pre_deploy_command=stack.migrate,
            env_vars={**variables, **source.variables},
            maintenance_mode={"uri": page} if page else None,
            opts=pulumi.ResourceOptions(parent=self),
            **source.service,
        )

        self.url = self.service.url
        self.register_outputs({"url": self.url})

    def release(self, shared: Shared) -> render.Deploy:
        """Link it to its configuration and deploy it."""
        return roll_out(
            self._name,
            self.service,
            shared,
            parent=self,
            gate=self._gate,
            verify_url=self.url.apply(lambda url: f"{url}{self._release_path}"),
        )
