"""What every service of an environment is told by its environment variables."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping

import pulumi

from infra.running import Running
from render_provider import resources as render


class Configuration(pulumi.ComponentResource):
    """One env group, linked to every service.

    A plan that was saved for other values is refused at the fingerprint, which is of use to nobody. At the group, the
    engine would print them in clear (docs/adr/0023).
    """

    group: render.EnvGroup

    def __init__(
        self,
        name: str,
        stack: Running,
        *,
        environment_id: pulumi.Input[str],
        hosts: pulumi.Output[list[str]],
        origins: pulumi.Output[list[str]],
        database_url: pulumi.Input[str],
        cache_url: pulumi.Input[str],
        secrets: Mapping[str, pulumi.Input[str]],
    ) -> None:
        names = stack.names
        variables: dict[str, pulumi.Input[str]] = {
            **stack.plain_variables,
            names.variable("ALLOWED_HOSTS"): hosts.apply(",".join),
            names.variable("CSRF_TRUSTED_ORIGINS"): origins.apply(",".join),
            "DATABASE_URL": database_url,
            names.variable("DATABASE_URL"): database_url,
            "REDIS_URL": cache_url,
            **secrets,
        }
        fingerprint = pulumi.Output.unsecret(pulumi.Output.all(**variables).apply(_fingerprint))
        super().__init__(names.component("Configuration"), name, {"fingerprint": fingerprint})

        self.group = render.EnvGroup(
            name,
            name=names.env_group,
            environment_id=environment_id,
            env_vars=variables,
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.register_outputs({"group": self.group.id})


def _fingerprint(variables: Mapping[str, str]) -> str:
    """Another for other values, and none that tells which: its key is one of them, long and random."""
    text = json.dumps(variables, sort_keys=True).encode()
    return hmac.new(variables["DJANGO_SECRET_KEY"].encode(), text, hashlib.sha256).hexdigest()
