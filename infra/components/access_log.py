"""Who did what with the objects of a bucket (docs/adr/0043)."""

from __future__ import annotations

import pulumi
from pulumi_aws import s3

from infra import resource_policies
from infra.config import Stack

KEPT_DAYS = 400  # longer than any backup, so that whoever read or tried to delete one can still be named


class AccessLog(pulumi.ComponentResource):
    """S3's own record of every request to a bucket, in a bucket that no identity of the environment can read.

    S3 delivers only into buckets without a lock, and with its own encryption.
    """

    def __init__(self, name: str, stack: Stack, *, logged: pulumi.Input[str], parent: pulumi.Resource) -> None:
        super().__init__(stack.names.component("AccessLog"), name, None, pulumi.ResourceOptions(parent=parent))
        child = pulumi.ResourceOptions(parent=self)
        physical = stack.names.bucket("logs")

        bucket = s3.Bucket(
            name,
            bucket=physical,
            force_destroy=not stack.keeps_data,
            tags=stack.names.tags,
            opts=pulumi.ResourceOptions(parent=self, protect=stack.keeps_data, retain_on_delete=stack.keeps_data),
        )
        s3.BucketPublicAccessBlock(
            f"{name}-private",
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        policy = s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.bucket,
            policy=pulumi.Output.from_input(logged).apply(
                lambda source: resource_policies.access_log(stack, physical, source)
            ),
            opts=child,
        )
        s3.BucketLifecycleConfiguration(f"{name}-expiry", bucket=bucket.bucket, rules=[EXPIRY], opts=child)
        s3.BucketLogging(
            name,
            bucket=logged,
            target_bucket=bucket.bucket,
            target_prefix="backups/",
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.register_outputs({})


EXPIRY: s3.BucketLifecycleConfigurationRuleArgsDict = {
    "id": "forget-old-logs",
    "status": "Enabled",
    "filter": {"prefix": ""},
    "expiration": {"days": KEPT_DAYS},
}
