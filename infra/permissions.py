"""What each identity may do, and nothing more: pure functions, one identity each.

What is refused to everybody, whoever they are, the things themselves say: `resource_policies.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from infra import image_rights, secret_rights
from infra.config import Stack
from infra.image_rights import READ_IMAGE
from infra.names import COMPANION, DROPS, bucket_arn
from infra.statements import Statement, allow, deny, document

USE_KEY = ["kms:Decrypt", "kms:GenerateDataKey"]  # a multipart upload reads what it has written

# What makes an object (PutObject, CompleteMultipartUpload) without `If-None-Match: *`; the steps of an upload in
# parts before its last cannot say it. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
UNCONDITIONAL = {"Null": {"s3:if-none-match": "true"}, "Bool": {"s3:ObjectCreationOperation": "true"}}


def pull(stack: Stack) -> str:
    """Render pulls this environment's images."""
    return document(
        allow("LogIn", ["ecr:GetAuthorizationToken"], "*"),  # AWS knows no narrower resource for it
        allow("Pull", READ_IMAGE, _repository(stack)),
    )


def back_up(stack: Stack, key_arn: str) -> str:
    """Write backups, look whether they arrived, and say so. Never over one, and never delete: docs/adr/0042."""
    backups, media = _bucket(stack, "backups"), _bucket(stack, "media")
    return document(
        # To look at an object (HEAD) is `s3:GetObject`; S3 has no narrower right for it.
        allow("WriteBackups", ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"], f"{backups}/*"),
        deny("NeverOverwrite", ["s3:PutObject"], f"{backups}/*", UNCONDITIONAL),
        # What is laid there replaces the data, and is in clear: docs/runbooks/companion.md
        deny("NeverDrop", ["s3:GetObject", "s3:PutObject"], f"{backups}/{DROPS}*"),
        allow("ReadMedia", ["s3:GetObject"], f"{media}/*"),
        allow("List", ["s3:ListBucket", "s3:GetBucketLocation"], [backups, media]),
        _use_key(stack, USE_KEY, key_arn),
        allow(
            "Report",
            ["cloudwatch:PutMetricData"],
            "*",
            {"StringEquals": {"cloudwatch:namespace": stack.names.metrics}},
        ),
        deny(
            "NeverDelete",
            [
                "s3:BypassGovernanceRetention",
                "s3:DeleteObject",
                "s3:DeleteObjectVersion",
                "s3:PutBucketObjectLockConfiguration",
                "s3:PutBucketVersioning",
                "s3:PutLifecycleConfiguration",
                "s3:PutObjectLegalHold",
                "s3:PutObjectRetention",
            ],
            [backups, f"{backups}/*"],
        ),
    )


def use_media(stack: Stack, key_arn: str) -> str:
    """The application's own files."""
    media = _bucket(stack, "media")
    return document(
        allow(
            "UseMedia",
            ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            f"{media}/*",
        ),
        allow("ListMedia", ["s3:ListBucket", "s3:GetBucketLocation"], media),
        _use_key(stack, USE_KEY, key_arn),
    )


def restore(stack: Stack, key_arn: str) -> str:
    """Read backups and the key that opens them, put media back, report drills, claim dumps. Never over one."""
    backups, media = _bucket(stack, "backups"), _bucket(stack, "media")
    return document(
        allow("ReadBackups", ["s3:GetObject", "s3:GetObjectVersion"], f"{backups}/*"),
        allow("KeepReports", ["s3:AbortMultipartUpload", "s3:PutObject"], f"{backups}/drills/*"),
        # The restore companion: which dump it has taken. To lay one down takes a person.
        allow("Claim", ["s3:PutObject"], f"{backups}/{DROPS}{COMPANION}*"),
        deny("NeverOverwrite", ["s3:PutObject"], f"{backups}/*", UNCONDITIONAL),
        allow("OpenBackups", ["secretsmanager:GetSecretValue"], secret_rights.backup_key(stack)),
        allow("PutMediaBack", ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"], f"{media}/*"),
        allow("List", ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"], [backups, media]),
        _use_key(stack, USE_KEY, key_arn, through=("s3", "secretsmanager")),
        allow(
            "Report",
            ["cloudwatch:PutMetricData"],
            "*",
            {"StringEquals": {"cloudwatch:namespace": stack.names.metrics}},
        ),
    )


def deploy(stack: Stack, key_arn: str) -> str:
    """What the pipeline's `pulumi up` needs. Identities and how long data is kept take a person: docs/adr/0004."""
    names, account = stack.names, stack.aws.account
    own, path = names.stem, names.parameters
    buckets = [_bucket(stack, use) for use in ("backups", "media", "logs")]
    state = bucket_arn(names.state_bucket(account))
    return document(
        allow("WhoAmI", ["ecr:GetAuthorizationToken", "ssm:DescribeParameters"], "*"),
        allow(
            "Push",
            [
                *READ_IMAGE,
                "ecr:CompleteLayerUpload",
                "ecr:Describe*",
                "ecr:GetRepositoryPolicy",
                "ecr:InitiateLayerUpload",
                "ecr:ListImageReferrers",
                "ecr:ListTagsForResource",
                "ecr:PutImage",
                "ecr:PutImageScanningConfiguration",
                "ecr:TagResource",
                "ecr:UploadLayerPart",
            ],
            _repository(stack),
        ),
        *image_rights.promote(stack),
        allow(
            "Releases",
            [
                "ssm:AddTagsToResource",
                "ssm:GetParameter",
                "ssm:GetParameterHistory",
                "ssm:GetParametersByPath",
                "ssm:LabelParameterVersion",
                "ssm:ListTagsForResource",
                "ssm:PutParameter",
            ],
            [
                stack.aws.arn("ssm", f"parameter{path}"),
                stack.aws.arn("ssm", f"parameter{path}/*"),
            ],
        ),
        allow(
            "Unlock",  # no other one: the versions of a release and of the audit are their history
            ["ssm:DeleteParameter"],
            [stack.aws.arn("ssm", f"parameter{one}") for one in (names.lock, names.gate, names.maintenance)],
        ),
        allow("StateList", ["s3:ListBucket", "s3:GetBucketLocation"], state),
        allow(
            "State",
            ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            [
                f"{state}/.pulumi/meta.yaml",
                f"{state}/.pulumi/*/{names.project}/{names.environment}/*",
                f"{state}/.pulumi/*/{names.project}/{names.environment}.*",
            ],
        ),
        allow(
            "StateKey",
            ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
            stack.aws.arn("kms", "key/*"),
            {"ForAnyValue:StringEquals": {"kms:ResourceAliases": names.state_key_alias}},
        ),
        allow(
            "Key",
            [
                "kms:Decrypt",
                "kms:Describe*",
                "kms:EnableKeyRotation",
                "kms:GenerateDataKey",
                "kms:Get*",
                "kms:List*",
                "kms:TagResource",
                "kms:UpdateKeyDescription",
            ],
            key_arn,
        ),
        allow("KeyAliases", ["kms:ListAliases"], "*"),
        image_rights.sign(stack),
        allow(
            "Buckets",
            [
                "s3:GetAccelerateConfiguration",
                "s3:GetBucket*",
                "s3:GetEncryptionConfiguration",
                "s3:GetLifecycleConfiguration",
                "s3:GetReplicationConfiguration",
                "s3:ListBucket",
                "s3:ListTagsForResource",  # by which the plugin reads a bucket's tags
                "s3:PutBucketCORS",
                "s3:PutBucketTagging",
                "s3:TagResource",
                "s3:UntagResource",
            ],
            buckets,
        ),
        *secret_rights.deploy(stack),
        allow(
            "Alarms",
            [
                "cloudwatch:DescribeAlarms",
                "cloudwatch:ListTagsForResource",
                "cloudwatch:PutMetricAlarm",
                "cloudwatch:TagResource",
            ],
            stack.aws.arn("cloudwatch", f"alarm:{own}-*"),
        ),
        allow(
            "Topic",
            ["sns:GetTopicAttributes", "sns:ListTagsForResource", "sns:SetTopicAttributes", "sns:TagResource"],
            stack.aws.arn("sns", names.topic),
        ),
        allow(
            "ReadIdentities",
            ["iam:Get*", "iam:List*"],
            [f"arn:aws:iam::{account}:role/{own}-*", f"arn:aws:iam::{account}:user/{own}-*"],
        ),
    )


def _bucket(stack: Stack, use: str) -> str:
    return bucket_arn(stack.names.bucket(use))


def _repository(stack: Stack) -> str:
    return stack.aws.arn("ecr", f"repository/{stack.names.repository}")


def _use_key(stack: Stack, actions: list[str], key_arn: str, through: Sequence[str] = ("s3",)) -> Statement:
    """The key, through these services alone."""
    services = [f"{service}.{stack.aws.region}.amazonaws.com" for service in through]
    via = services if len(services) > 1 else services[0]
    return allow("Seal", actions, key_arn, {"StringEquals": {"kms:ViaService": via}})
