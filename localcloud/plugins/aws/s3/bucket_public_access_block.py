"""A bucket's block of public access."""

from __future__ import annotations

from typing import Any, ClassVar

from localcloud.plugins.aws.errors import or_none
from localcloud.plugins.aws.s3.bucket_setting import BUCKET, BucketSetting
from localcloud.plugins.aws.shapes import from_aws, to_aws
from localcloud.plugins.fields import Fields, boolean
from pulumi_plugin.values import Values


class BucketPublicAccessBlock(BucketSetting):
    """What a bucket forbids, whatever its policies say."""

    type_ = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    names = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    fields: ClassVar[Fields] = {
        "bucket": BUCKET["bucket"],
        "region": BUCKET["region"],
        "blockPublicAcls": boolean(default=False),
        "blockPublicPolicy": boolean(default=False),
        "ignorePublicAcls": boolean(default=False),
        "restrictPublicBuckets": boolean(default=False),
    }

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set all four."""
        wanted = to_aws({name: inputs[name] for name in self.names})
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=wanted)

    def get(self, s3: Any, bucket: str) -> Values | None:
        """All four, or None."""
        answer = or_none(s3.get_public_access_block, Bucket=bucket)
        if answer is None:
            return None
        block = from_aws(answer["PublicAccessBlockConfiguration"])
        return {name: block.get(name, False) for name in self.names}

    def remove(self, s3: Any, bucket: str) -> None:
        """Leave it to the policies."""
        s3.delete_public_access_block(Bucket=bucket)
