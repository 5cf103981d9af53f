"""A bucket's lock."""

from __future__ import annotations

from typing import Any, ClassVar

from localcloud.plugins.aws.errors import or_none
from localcloud.plugins.aws.s3.bucket_setting import BUCKET, BucketSetting
from localcloud.plugins.aws.shapes import from_aws, to_aws
from localcloud.plugins.fields import Fields, integer, string, structure
from pulumi_plugin.values import Values


class BucketObjectLockConfiguration(BucketSetting):
    """How long a bucket refuses to delete what is stored in it."""

    type_ = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
    fields: ClassVar[Fields] = {
        **BUCKET,
        "objectLockEnabled": string(default="Enabled", replace=True),
        "rule": structure(
            {"defaultRetention": structure({"mode": string(), "days": integer(), "years": integer()}, required=True)}
        ),
    }

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set the rule."""
        rule = {"Rule": to_aws(inputs["rule"])} if inputs.get("rule") else {}
        configuration = {"ObjectLockEnabled": inputs["objectLockEnabled"], **rule}
        s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=configuration)

    def get(self, s3: Any, bucket: str) -> Values | None:
        """The rule; None for a bucket without a lock."""
        answer = or_none(s3.get_object_lock_configuration, Bucket=bucket)
        if answer is None or not answer["ObjectLockConfiguration"].get("ObjectLockEnabled"):
            return None
        lock = answer["ObjectLockConfiguration"]
        return {"objectLockEnabled": lock["ObjectLockEnabled"], "rule": from_aws(lock.get("Rule")) or None}

    def remove(self, s3: Any, bucket: str) -> None:
        """No default retention; the lock itself stays for good."""
        s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})
