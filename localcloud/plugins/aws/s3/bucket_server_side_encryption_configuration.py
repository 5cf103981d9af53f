"""A bucket's encryption."""

from __future__ import annotations

from typing import Any, ClassVar

from localcloud.plugins.aws.errors import or_none
from localcloud.plugins.aws.s3.bucket_setting import BUCKET, BucketSetting
from localcloud.plugins.aws.shapes import from_aws, to_aws
from localcloud.plugins.checks import one_of
from localcloud.plugins.fields import Fields, boolean, string, structure, unordered
from pulumi_plugin.values import Values

_ALGORITHMS = ("AES256", "aws:fsx", "aws:kms", "aws:kms:dsse")


class BucketServerSideEncryptionConfiguration(BucketSetting):
    """How a bucket encrypts what is stored without saying how."""

    type_ = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    fields: ClassVar[Fields] = {
        **BUCKET,
        "rules": unordered(
            structure(
                {
                    "applyServerSideEncryptionByDefault": structure(
                        {
                            "sseAlgorithm": string(required=True, valid=(one_of(*_ALGORITHMS),)),
                            "kmsMasterKeyId": string(),
                        }
                    ),
                    "bucketKeyEnabled": boolean(default=False),
                }
            ),
            required=True,
        ),
    }

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set all rules."""
        rules = {"Rules": to_aws(inputs["rules"])}
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)

    def get(self, s3: Any, bucket: str) -> Values | None:
        """The rules; a bucket always has AWS's default at least."""
        answer = or_none(s3.get_bucket_encryption, Bucket=bucket)
        if answer is None:
            return None
        rules = from_aws(answer["ServerSideEncryptionConfiguration"]["Rules"])
        for rule in rules:
            rule.pop("blockedEncryptionTypes", None)
        return {"rules": rules}

    def remove(self, s3: Any, bucket: str) -> None:
        """Back to AWS's own keys."""
        s3.delete_bucket_encryption(Bucket=bucket)
