"""The application's web service."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from infra import app, names
from infra.components.rollout import Home, roll_out
from infra.config import Stack
from render_provider import resources as render


class Web(pulumi.ComponentResource):
    """Migrates before each release, and is deployed when its public address shows that release."""

    url: pulumi.Output[str]
    deploy: render.Deploy

    def __init__(
        self,
        name: str,
        stack: Stack,
        home: Home,
        *,
        variables: Mapping[str, pulumi.Input[str]],
    ) -> None:
        super().__init__("cams:index:Web", name)

        service = render.WebService(
            name,
            name=names.stem(stack.environment),
            environment_id=home.environment_id,
            region=stack.region,
            plan=stack.web.plan,
            num_instances=stack.web.instances,
            health_check_path=app.HEALTH,
            pre_deploy_command=app.MIGRATE,
            env_vars={**variables, **home.source.variables},
            opts=pulumi.ResourceOptions(parent=self),
            **home.source.service,
        )
        for domain in stack.domains.web:
            render.CustomDomain(
                f"{name}-{domain}",
                service_id=service.id,
                name=domain,
                opts=pulumi.ResourceOptions(parent=self),
            )

        self.url = service.url
        self.deploy = roll_out(
            name,
            service,
            home,
            parent=self,
            verify_url=service.url.apply(lambda url: f"{url}{app.RELEASE}"),
        )
        self.register_outputs({"url": self.url})
