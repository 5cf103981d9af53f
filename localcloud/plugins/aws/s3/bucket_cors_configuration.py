"""A bucket's rules for pages of other origins."""

from __future__ import annotations

from typing import Any, ClassVar

from localcloud.plugins.aws.errors import or_none
from localcloud.plugins.aws.s3.bucket_setting import BUCKET, BucketSetting
from localcloud.plugins.aws.shapes import from_aws, to_aws
from localcloud.plugins.checks import at_most, length, one_of
from localcloud.plugins.fields import Fields, integer, ordered, string, structure, unordered
from pulumi_plugin.values import Values

_METHODS = ("GET", "PUT", "HEAD", "POST", "DELETE")


class BucketCorsConfiguration(BucketSetting):
    """Which pages may use a bucket from a browser."""

    type_ = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"
    fields: ClassVar[Fields] = {
        **BUCKET,
        "corsRules": ordered(
            structure(
                {
                    "id": string(valid=(length(0, 255),)),
                    "allowedMethods": unordered(string(valid=(one_of(*_METHODS),)), required=True),
                    "allowedOrigins": unordered(required=True),
                    "allowedHeaders": unordered(),
                    "exposeHeaders": unordered(),
                    "maxAgeSeconds": integer(),
                }
            ),
            required=True,
            valid=(at_most(100),),
        ),
    }

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set all rules."""
        s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": to_aws(inputs["corsRules"])})

    def get(self, s3: Any, bucket: str) -> Values | None:
        """The rules, or None."""
        answer = or_none(s3.get_bucket_cors, Bucket=bucket)
        return None if answer is None else {"corsRules": from_aws(answer["CORSRules"])}

    def remove(self, s3: Any, bucket: str) -> None:
        """No page of another origin."""
        s3.delete_bucket_cors(Bucket=bucket)
