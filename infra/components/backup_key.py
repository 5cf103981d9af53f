"""What opens an environment's backups without anybody who holds a recovery key."""

from __future__ import annotations

import base64

import pulumi
import pulumi_random as random
from pulumi_aws import secretsmanager

from infra import age
from infra.config import Stack


class BackupKey(pulumi.ComponentResource):
    """An age identity in Secrets Manager for those who restore; those who write are told its recipient alone.

    Without it only recovery keys open what was written: where data is kept, so is it.
    """

    recipients: pulumi.Output[str]
    secret_name: pulumi.Output[str]

    def __init__(self, name: str, stack: Stack, *, key_arn: pulumi.Input[str]) -> None:
        super().__init__(stack.names.component("BackupKey"), name)
        keep = stack.keeps_data
        kept = pulumi.ResourceOptions(parent=self, protect=keep, retain_on_delete=keep)

        made = random.RandomBytes(name, length=32, opts=kept)
        secret = secretsmanager.Secret(
            name,
            name=stack.names.backup_key,
            description=f"Opens backups of {stack.names.stem}: an identity of age",
            kms_key_id=key_arn,
            recovery_window_in_days=30 if keep else 0,
            tags=stack.names.tags,
            opts=kept,
        )
        secretsmanager.SecretVersion(
            f"{name}-value",
            secret_id=secret.id,
            secret_string=made.base64.apply(lambda key: age.identity(base64.b64decode(key))),
            opts=pulumi.ResourceOptions(parent=self),
        )

        own = pulumi.Output.unsecret(made.base64.apply(lambda key: age.recipient_of(base64.b64decode(key))))
        self.recipients = own.apply(lambda recipient: ",".join([recipient, *stack.backups.recipients]))
        self.secret_name = secret.name
        self.register_outputs({"recipients": self.recipients, "secret_name": self.secret_name})
