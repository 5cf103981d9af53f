"""What every service of an environment is told by its environment variables."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from infra import app, names
from infra.config import Stack
from render_provider import resources as render


class Configuration(pulumi.ComponentResource):
    """One env group, linked to every service."""

    group: render.EnvGroup

    def __init__(
        self,
        name: str,
        stack: Stack,
        *,
        environment_id: pulumi.Input[str],
        hosts: pulumi.Output[list[str]],
        origins: pulumi.Output[list[str]],
        database_url: pulumi.Input[str],
        cache_url: pulumi.Input[str],
        secrets: Mapping[str, pulumi.Input[str]],
    ) -> None:
        super().__init__("cams:index:Configuration", name)

        self.group = render.EnvGroup(
            name,
            name=names.stem(stack.environment),
            environment_id=environment_id,
            env_vars={
                **app.variables(stack),
                names.variable(stack.environment, "ALLOWED_HOSTS"): hosts.apply(",".join),
                names.variable(stack.environment, "CSRF_TRUSTED_ORIGINS"): origins.apply(",".join),
                "DATABASE_URL": database_url,
                names.variable(stack.environment, "DATABASE_URL"): database_url,
                "REDIS_URL": cache_url,
                **secrets,
            },
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.register_outputs({"group": self.group.id})
