"""What an environment's data is encrypted with."""

from __future__ import annotations

import pulumi
from pulumi_aws import kms

from infra import resource_policies
from infra.config import Stack


class Key(pulumi.ComponentResource):
    """One KMS key for one environment, rotated each year."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, stack: Stack) -> None:
        super().__init__(stack.names.component("Key"), name)

        key = kms.Key(
            name,
            description=f"Everything that {stack.names.stem} keeps",
            enable_key_rotation=True,
            deletion_window_in_days=30 if stack.is_prod else 7,
            policy=resource_policies.key(stack),
            tags=stack.names.tags,
            opts=pulumi.ResourceOptions(parent=self, protect=stack.keeps_data, retain_on_delete=stack.keeps_data),
        )
        kms.Alias(
            f"{name}-alias",
            name=stack.names.key_alias,
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.arn = key.arn
        self.register_outputs({"arn": self.arn})
