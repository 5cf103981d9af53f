"""How every bucket of an environment is kept: private, versioned, encrypted, reached by TLS alone."""

from __future__ import annotations

import pulumi
from pulumi_aws import s3

from infra import resource_policies
from infra.config import Stack


class Bucket(pulumi.ComponentResource):
    """A bucket that cannot be made public."""

    bucket_name: pulumi.Output[str]
    versioning: s3.BucketVersioning

    def __init__(
        self,
        name: str,
        stack: Stack,
        *,
        use: str,
        key_arn: pulumi.Input[str],
        parent: pulumi.Resource,
    ) -> None:
        super().__init__(stack.names.component("Bucket"), name, None, pulumi.ResourceOptions(parent=parent))
        child = pulumi.ResourceOptions(parent=self)
        physical = stack.names.bucket(use)

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
        s3.BucketOwnershipControls(
            f"{name}-owner",
            bucket=bucket.bucket,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=child,
        )
        self.versioning = s3.BucketVersioning(
            f"{name}-versions",
            bucket=bucket.bucket,
            versioning_configuration={"status": "Enabled"},
            opts=child,
        )
        s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=bucket.bucket,
            rules=[
                {
                    "apply_server_side_encryption_by_default": {
                        "sse_algorithm": "aws:kms",
                        "kms_master_key_id": key_arn,
                    },
                    "bucket_key_enabled": True,
                }
            ],
            opts=child,
        )
        s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.bucket,
            policy=pulumi.Output.from_input(key_arn).apply(lambda arn: resource_policies.sealed(physical, arn)),
            opts=child,
        )

        self.bucket_name = bucket.bucket
        self.register_outputs({"bucket_name": self.bucket_name})
