"""Where an environment's backups rest, and how long."""

from __future__ import annotations

import pulumi
from pulumi_aws import s3

from infra import config
from infra.components.bucket import Bucket
from infra.config import Stack

NONCURRENT_DAYS = 7  # how long a backup that was overwritten or deleted by mistake can be had back


class Backups(pulumi.ComponentResource):
    """A bucket that forgets each class of backups after its time, and in prod cannot forget before."""

    bucket_name: pulumi.Output[str]

    def __init__(self, name: str, stack: Stack, *, key_arn: pulumi.Input[str]) -> None:
        super().__init__(stack.names.component("Backups"), name)
        lock_days = stack.backups.object_lock_days

        bucket = Bucket(name, stack, use="backups", key_arn=key_arn, lockable=lock_days is not None, parent=self)
        after_versioning = pulumi.ResourceOptions(parent=self, depends_on=[bucket.versioning])
        s3.BucketLifecycleConfiguration(
            f"{name}-expiry",
            bucket=bucket.bucket_name,
            rules=expiry(stack.backups),
            opts=after_versioning,
        )
        if lock_days is not None:
            s3.BucketObjectLockConfiguration(
                f"{name}-lock",
                bucket=bucket.bucket_name,
                rule={"default_retention": {"mode": "GOVERNANCE", "days": lock_days}},
                opts=after_versioning,
            )

        self.bucket_name = bucket.bucket_name
        self.register_outputs({"bucket_name": self.bucket_name})


def expiry(backups: config.Backups) -> list[s3.BucketLifecycleConfigurationRuleArgsDict]:
    """One rule for each class of backups, by its prefix, and one that clears away uploads never finished."""
    days = {"daily": backups.daily, "weekly": backups.weekly * 7, "monthly": backups.monthly * 31}
    classes: list[s3.BucketLifecycleConfigurationRuleArgsDict] = [
        {
            "id": f"expire-{retention}",
            "status": "Enabled",
            "filter": {"prefix": f"{retention}/"},
            "expiration": {"days": limit},
            "noncurrent_version_expiration": {"noncurrent_days": NONCURRENT_DAYS},
        }
        for retention, limit in days.items()
    ]
    unfinished: s3.BucketLifecycleConfigurationRuleArgsDict = {
        "id": "abort-unfinished-uploads",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "abort_incomplete_multipart_upload": {"days_after_initiation": 1},
    }
    return [*classes, unfinished]
