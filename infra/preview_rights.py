"""What the role that makes previews may do in AWS: keep their state, and nothing else."""

from __future__ import annotations

from infra.names import bucket_arn
from infra.preview import Previews
from infra.statements import allow, document


def deploy(previews: Previews) -> str:
    """A bucket and a key of their own: with the environments' a state of theirs could be read or replaced."""
    names = previews.names
    state = bucket_arn(names.bucket("state"))
    return document(
        allow("StateList", ["s3:ListBucket", "s3:GetBucketLocation"], state),
        allow("State", ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], f"{state}/.pulumi/*"),
        allow(
            "StateKey",
            ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
            previews.aws.arn("kms", "key/*"),
            {"ForAnyValue:StringEquals": {"kms:ResourceAliases": names.key_alias}},
        ),
    )
