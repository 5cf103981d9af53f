"""A bucket's policy."""

from __future__ import annotations

from typing import Any, ClassVar

from localcloud.plugins.aws.errors import or_none
from localcloud.plugins.aws.s3.bucket_setting import BUCKET, BucketSetting
from localcloud.plugins.fields import Fields, policy
from pulumi_plugin.values import Values


class BucketPolicy(BucketSetting):
    """Who may do what with a bucket."""

    type_ = "aws:s3/bucketPolicy:BucketPolicy"
    fields: ClassVar[Fields] = {
        "bucket": BUCKET["bucket"],
        "region": BUCKET["region"],
        "policy": policy(required=True),
    }

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set it."""
        s3.put_bucket_policy(Bucket=bucket, Policy=inputs["policy"])

    def get(self, s3: Any, bucket: str) -> Values | None:
        """The policy, or None."""
        answer = or_none(s3.get_bucket_policy, Bucket=bucket)
        return None if answer is None else {"policy": answer["Policy"]}

    def remove(self, s3: Any, bucket: str) -> None:
        """Leave the bucket to its account."""
        s3.delete_bucket_policy(Bucket=bucket)
