"""A bucket's rule of ownership."""

from __future__ import annotations

from typing import Any, ClassVar

from localcloud.plugins.aws.errors import or_none
from localcloud.plugins.aws.s3.bucket_setting import BUCKET, BucketSetting
from localcloud.plugins.aws.shapes import from_aws, to_aws
from localcloud.plugins.checks import one_of
from localcloud.plugins.fields import Fields, string, structure
from pulumi_plugin.values import Values

_OWNERSHIPS = ("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced")


class BucketOwnershipControls(BucketSetting):
    """Who owns what others store in a bucket."""

    type_ = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
    fields: ClassVar[Fields] = {
        "bucket": BUCKET["bucket"],
        "region": BUCKET["region"],
        "rule": structure({"objectOwnership": string(required=True, valid=(one_of(*_OWNERSHIPS),))}, required=True),
    }

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set the one rule."""
        s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": [to_aws(inputs["rule"])]})

    def get(self, s3: Any, bucket: str) -> Values | None:
        """The one rule, or None."""
        answer = or_none(s3.get_bucket_ownership_controls, Bucket=bucket)
        return None if answer is None else {"rule": from_aws(answer["OwnershipControls"]["Rules"][0])}

    def remove(self, s3: Any, bucket: str) -> None:
        """Back to AWS's default."""
        s3.delete_bucket_ownership_controls(Bucket=bucket)
