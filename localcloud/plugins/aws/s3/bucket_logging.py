"""Where a bucket's requests are written down."""

from __future__ import annotations

from typing import Any, ClassVar

from localcloud.plugins.aws.errors import or_none
from localcloud.plugins.aws.s3.bucket_setting import BUCKET, BucketSetting
from localcloud.plugins.aws.shapes import from_aws, to_aws
from localcloud.plugins.fields import Fields, string, structure
from pulumi_plugin.values import Values


class BucketLogging(BucketSetting):
    """S3's server access logs of a bucket. The target must let S3 deliver them."""

    type_ = "aws:s3/bucketLogging:BucketLogging"
    fields: ClassVar[Fields] = {
        **BUCKET,
        "targetBucket": string(required=True),
        "targetPrefix": string(required=True),
        "targetObjectKeyFormat": structure(
            {
                "partitionedPrefix": structure({"partitionDateSource": string(required=True)}),
                "simplePrefix": structure({}),
            }
        ),
    }

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Begin."""
        wanted = {
            key: inputs[key] for key in ("targetBucket", "targetPrefix", "targetObjectKeyFormat") if key in inputs
        }
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": to_aws(wanted)})

    def get(self, s3: Any, bucket: str) -> Values | None:
        """Where to; None where nothing is written down."""
        answer = or_none(s3.get_bucket_logging, Bucket=bucket) or {}
        there = from_aws(
            {key: value for key, value in answer.get("LoggingEnabled", {}).items() if key != "TargetGrants"}
        )
        return {"targetPrefix": "", **there} if there else None

    def remove(self, s3: Any, bucket: str) -> None:
        """Stop."""
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})
