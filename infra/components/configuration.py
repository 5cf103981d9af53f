"""What every service of an environment is told by its environment variables."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from infra import names
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
                **plain_variables(stack),
                "DATABASE_URL": database_url,
                names.variable(stack.environment, "DATABASE_URL"): database_url,
                "REDIS_URL": cache_url,
                **secrets,
            },
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.register_outputs({"group": self.group.id})


def plain_variables(stack: Stack) -> dict[str, str]:
    """Everything that is no secret and known before anything exists."""
    return {
        "DJANGO_DEBUG": "false",
        "LOG_LEVEL": "INFO",
        **stack.variables,
        "ENVIRONMENT": stack.environment,
        names.variable(stack.environment, "ALLOWED_HOSTS"): ",".join(web_hosts(stack)),
        names.variable(stack.environment, "CSRF_TRUSTED_ORIGINS"): ",".join(origins(stack)),
        "STORAGE_BUCKET": names.bucket(stack.environment, "media", stack.aws.account),
        "AWS_REGION": stack.aws.region,
    }


def web_hosts(stack: Stack) -> list[str]:
    """The hosts that the application answers for; Render tells it the one that it gave it."""
    return [*stack.domains.web, *stack.allowed_hosts, names.render_host(names.stem(stack.environment))]


def origins(stack: Stack) -> list[str]:
    """The pages that may send forms and upload files: the application's own and the front end's."""
    front = [*stack.domains.frontend, names.render_host(names.frontend(stack.environment))]
    return [f"https://{host}" for host in (*web_hosts(stack), *front)]
