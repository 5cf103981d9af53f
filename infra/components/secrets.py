"""The secrets that an environment invents for itself."""

from __future__ import annotations

import pulumi
from pulumi_aws import secretsmanager

from infra.components.generated import generated
from infra.config import Stack


class Secrets(pulumi.ComponentResource):
    """Generated here, kept in Secrets Manager, passed to the services by the env group."""

    values: dict[str, pulumi.Output[str]]
    secret_name: pulumi.Output[str]

    def __init__(self, name: str, stack: Stack, *, key_arn: pulumi.Input[str]) -> None:
        super().__init__(stack.names.component("Secrets"), name)
        child = pulumi.ResourceOptions(parent=self)

        self.values = generated(name, stack, parent=self)
        secret = secretsmanager.Secret(
            name,
            name=stack.names.secret,
            description=f"Generated secrets of {stack.names.stem}",
            kms_key_id=key_arn,
            recovery_window_in_days=30 if stack.keeps_data else 0,
            tags=stack.names.tags,
            opts=pulumi.ResourceOptions(parent=self, protect=stack.keeps_data, retain_on_delete=stack.keeps_data),
        )
        secretsmanager.SecretVersion(
            f"{name}-value",
            secret_id=secret.id,
            secret_string=pulumi.Output.json_dumps(self.values),
            opts=child,
        )

        self.secret_name = secret.name
        self.register_outputs({"secret_name": self.secret_name})
