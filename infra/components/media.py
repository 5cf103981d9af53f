"""Where the application keeps what its users upload."""

from __future__ import annotations

import pulumi
from pulumi_aws import s3

from infra.components.bucket import Bucket
from infra.config import Stack

NONCURRENT_DAYS = 30  # how long a deleted file can be had back


class Media(pulumi.ComponentResource):
    """A private bucket that the application's own pages may upload to by signed URLs."""

    bucket_name: pulumi.Output[str]

    def __init__(
        self, name: str, stack: Stack, *, key_arn: pulumi.Input[str], origins: pulumi.Input[list[str]]
    ) -> None:
        super().__init__(stack.names.component("Media"), name)

        bucket = Bucket(name, stack, use="media", key_arn=key_arn, parent=self)
        s3.BucketLifecycleConfiguration(
            f"{name}-expiry",
            bucket=bucket.bucket_name,
            rules=[EXPIRY],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[bucket.versioning]),
        )
        s3.BucketCorsConfiguration(
            f"{name}-cors",
            bucket=bucket.bucket_name,
            cors_rules=[
                {
                    "allowed_origins": origins,
                    "allowed_methods": ["GET", "PUT"],
                    "allowed_headers": ["*"],
                    "max_age_seconds": 3600,
                }
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.bucket_name = bucket.bucket_name
        self.register_outputs({"bucket_name": self.bucket_name})


EXPIRY: s3.BucketLifecycleConfigurationRuleArgsDict = {
    "id": "forget-deleted-files",
    "status": "Enabled",
    "filter": {"prefix": ""},
    "noncurrent_version_expiration": {"noncurrent_days": NONCURRENT_DAYS},
    "abort_incomplete_multipart_upload": {"days_after_initiation": 1},
}
