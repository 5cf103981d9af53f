"""Where an environment's backups rest, how long, and who came for them."""

from __future__ import annotations

import pulumi
from pulumi_aws import s3

from infra import config
from infra.components.access_log import AccessLog
from infra.components.bucket import Bucket
from infra.config import Stack
from infra.names import DROPS


class Backups(pulumi.ComponentResource):
    """A bucket that forgets each class of backups after its time, and in prod cannot forget before."""

    bucket_name: pulumi.Output[str]

    def __init__(self, name: str, stack: Stack, *, key_arn: pulumi.Input[str]) -> None:
        super().__init__(stack.names.component("Backups"), name)
        lock_days = stack.backups.object_lock_days

        bucket = Bucket(name, stack, use="backups", key_arn=key_arn, parent=self)
        after_versioning = pulumi.ResourceOptions(parent=self, depends_on=[bucket.versioning])
        s3.BucketLifecycleConfiguration(
            f"{name}-expiry",
            bucket=bucket.bucket_name,
            rules=expiry(stack.backups),
            opts=after_versioning,
        )
        if lock_days is not None:  # the bucket itself says nothing of it: that would replace it when a lock is added
            s3.BucketObjectLockConfiguration(
                f"{name}-lock",
                bucket=bucket.bucket_name,
                rule={"default_retention": {"mode": "GOVERNANCE", "days": lock_days}},
                opts=after_versioning,
            )

        AccessLog(f"{name}-access", stack, logged=bucket.bucket_name, parent=self)

        self.bucket_name = bucket.bucket_name
        self.register_outputs({"bucket_name": self.bucket_name})


def expiry(backups: config.Backups) -> list[s3.BucketLifecycleConfigurationRuleArgsDict]:
    """One rule for each class of backups, by its prefix, and one that clears away uploads never finished."""
    classes: list[s3.BucketLifecycleConfigurationRuleArgsDict] = [
        {
            "id": f"expire-{retention}",
            "status": "Enabled",
            "filter": {"prefix": f"{retention}/"},
            "expiration": {"days": limit},
            # One that was deleted by mistake can be had back for as long as it would have been kept.
            "noncurrent_version_expiration": {"noncurrent_days": limit},
        }
        for retention, limit in backups.days.items()
    ]
    # A claim stays at least as long as its dump, which was there first (docs/runbooks/companion.md).
    dropped: list[s3.BucketLifecycleConfigurationRuleArgsDict] = [
        {
            "id": "expire-drops",
            "status": "Enabled",
            "filter": {"prefix": DROPS},
            "expiration": {"days": backups.daily},
            "noncurrent_version_expiration": {"noncurrent_days": 1},
        }
    ]
    # Copies of media never expire by age (docs/adr/0072); what was pruned is, after the longest class.
    longest = max(backups.days.values())
    replaced: list[s3.BucketLifecycleConfigurationRuleArgsDict] = [
        {
            "id": "expire-replaced-media",
            "status": "Enabled",
            "filter": {"prefix": "media/"},
            "noncurrent_version_expiration": {"noncurrent_days": longest},
        }
    ]
    told: list[s3.BucketLifecycleConfigurationRuleArgsDict] = [
        {
            "id": f"expire-{what}",
            "status": "Enabled",
            "filter": {"prefix": f"{what}/"},
            "expiration": {"days": longest},
            "noncurrent_version_expiration": {"noncurrent_days": longest},
        }
        for what in ("drills", "failed")  # reports, and marks of what went wrong
    ]
    unfinished: s3.BucketLifecycleConfigurationRuleArgsDict = {
        "id": "abort-unfinished-uploads",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "abort_incomplete_multipart_upload": {"days_after_initiation": 1},
    }
    return [*classes, *replaced, *told, *dropped, unfinished]
