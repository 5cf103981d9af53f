"""Which rights each call to S3 needs: allowed with all of them, refused without any one of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from bench.aws_truth.account import Account, allow, deny
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.scene import KEY, Scene

LATER = "2099-01-01T00:00:00Z"
THERE = {"Bucket": "{bucket}", "Key": KEY}
SEALED = {"Bucket": "{sealed}", "Key": KEY}
TAG_SET = {"TagSet": [{"Key": "a", "Value": "b"}]}

# An operation, its parameters, the rights it needs, and what it ends in with all of them.
CALLS: list[tuple[str, dict[str, Any], list[str], str | None]] = [
    ("list_buckets", {}, ["ListAllMyBuckets"], None),
    (
        "create_bucket",
        {"Bucket": "{fresh}", "CreateBucketConfiguration": {"LocationConstraint": "{region}"}},
        ["CreateBucket"],
        None,
    ),
    ("head_bucket", {"Bucket": "{bucket}"}, ["ListBucket"], None),
    ("list_objects", {"Bucket": "{bucket}"}, ["ListBucket"], None),
    ("list_objects_v2", {"Bucket": "{bucket}"}, ["ListBucket"], None),
    ("list_object_versions", {"Bucket": "{bucket}"}, ["ListBucketVersions"], None),
    ("list_multipart_uploads", {"Bucket": "{bucket}"}, ["ListBucketMultipartUploads"], None),
    ("get_bucket_location", {"Bucket": "{bucket}"}, ["GetBucketLocation"], None),
    ("get_bucket_versioning", {"Bucket": "{bucket}"}, ["GetBucketVersioning"], None),
    ("get_bucket_encryption", {"Bucket": "{bucket}"}, ["GetEncryptionConfiguration"], None),
    ("get_public_access_block", {"Bucket": "{bucket}"}, ["GetBucketPublicAccessBlock"], None),
    ("delete_public_access_block", {"Bucket": "{bucket}"}, ["PutBucketPublicAccessBlock"], None),
    ("get_bucket_ownership_controls", {"Bucket": "{bucket}"}, ["GetBucketOwnershipControls"], None),
    (
        "get_bucket_lifecycle_configuration",
        {"Bucket": "{bucket}"},
        ["GetLifecycleConfiguration"],
        "NoSuchLifecycleConfiguration",
    ),
    ("delete_bucket_lifecycle", {"Bucket": "{bucket}"}, ["PutLifecycleConfiguration"], None),
    ("get_object_lock_configuration", {"Bucket": "{bucket}"}, ["GetBucketObjectLockConfiguration"], None),
    ("put_bucket_tagging", {"Bucket": "{bucket}", "Tagging": TAG_SET}, ["PutBucketTagging"], None),
    ("get_bucket_policy", {"Bucket": "{bucket}"}, ["GetBucketPolicy"], "NoSuchBucketPolicy"),
    ("get_bucket_acl", {"Bucket": "{bucket}"}, ["GetBucketAcl"], None),
    ("get_object", THERE, ["GetObject"], None),
    ("get_object", {**THERE, "VersionId": "{version}"}, ["GetObjectVersion"], None),
    ("get_object", {**THERE, "Key": "gone"}, ["GetObject", "ListBucket"], "NoSuchKey"),
    ("head_object", THERE, ["GetObject"], None),
    ("get_object_tagging", THERE, ["GetObjectTagging"], None),
    ("get_object_tagging", {**THERE, "VersionId": "{version}"}, ["GetObjectVersionTagging"], None),
    ("get_object_attributes", {**THERE, "ObjectAttributes": ["ETag"]}, ["GetObject", "GetObjectAttributes"], None),
    ("get_object_acl", THERE, ["GetObjectAcl"], None),
    ("put_object", {**THERE, "Body": b"y"}, ["PutObject"], None),
    ("put_object", {**THERE, "Tagging": "a=b"}, ["PutObject", "PutObjectTagging"], None),
    ("put_object", {"Bucket": "{open}", "Key": "k", "ACL": "private"}, ["PutObject", "PutObjectAcl"], None),
    (
        "put_object",
        {**THERE, "ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": LATER},
        ["PutObject", "PutObjectRetention"],
        None,
    ),
    ("put_object", {**THERE, "ObjectLockLegalHoldStatus": "OFF"}, ["PutObject", "PutObjectLegalHold"], None),
    ("put_object_tagging", {**THERE, "Tagging": TAG_SET}, ["PutObjectTagging"], None),
    ("put_object_legal_hold", {**THERE, "LegalHold": {"Status": "OFF"}}, ["PutObjectLegalHold"], None),
    (
        "put_object_retention",
        {**THERE, "Retention": {"Mode": "GOVERNANCE", "RetainUntilDate": LATER}},
        ["PutObjectRetention"],
        None,
    ),
    ("delete_object", THERE, ["DeleteObject"], None),
    ("delete_object", {**THERE, "VersionId": "{version}"}, ["DeleteObjectVersion"], None),
    (
        "delete_object",
        {**THERE, "VersionId": "{version}", "BypassGovernanceRetention": True},
        ["DeleteObjectVersion", "BypassGovernanceRetention"],
        None,
    ),
    ("delete_object_tagging", THERE, ["DeleteObjectTagging"], None),
    ("create_multipart_upload", THERE, ["PutObject"], None),
    ("upload_part", {**THERE, "UploadId": "{upload}", "PartNumber": 1, "Body": b"y"}, ["PutObject"], None),
    ("list_parts", {**THERE, "UploadId": "{upload}"}, ["ListMultipartUploadParts"], None),
    ("abort_multipart_upload", {**THERE, "UploadId": "{upload}"}, ["AbortMultipartUpload"], None),
    (
        "copy_object",
        {"Bucket": "{open}", "Key": "copy", "CopySource": "{bucket}/there"},
        ["GetObject", "GetObjectTagging", "PutObject", "PutObjectTagging"],
        None,
    ),
    (
        "copy_object",
        {
            "Bucket": "{open}",
            "Key": "copy",
            "CopySource": "{bucket}/there?versionId={version}",
            "TaggingDirective": "REPLACE",
        },
        ["GetObjectVersion", "PutObject"],
        None,
    ),
    ("get_object", SEALED, ["GetObject", "kms:Decrypt"], None),
    ("put_object", SEALED, ["PutObject", "kms:GenerateDataKey"], None),
    (
        "put_object",
        {**THERE, "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "{key}"},
        ["PutObject", "kms:GenerateDataKey"],
        None,
    ),
    ("put_object", {**THERE, "ServerSideEncryption": "aws:kms"}, ["PutObject"], None),
    ("put_object", {**SEALED, "ServerSideEncryption": "AES256"}, ["PutObject"], None),
    (
        "put_object",
        {**THERE, "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "{disabled_key}"},
        ["PutObject", "kms:GenerateDataKey"],
        "KMS.DisabledException",
    ),
    ("create_multipart_upload", SEALED, ["PutObject", "kms:GenerateDataKey"], None),
    (
        "upload_part",
        {**SEALED, "UploadId": "{sealed_upload}", "PartNumber": 1, "Body": b"y"},
        ["PutObject", "kms:Decrypt"],
        None,
    ),
    ("copy_object", {**THERE, "CopySource": "{sealed}/there"}, ["GetObject", "kms:Decrypt", "PutObject"], None),
]


def _cases() -> Iterator[Case]:
    for operation, parameters, rights, code in CALLS:
        what = f"{operation}({_said(parameters)})"
        yield Case(f"{what} with {', '.join(rights)}", partial(_attempt, operation, parameters, rights), code)
        refused = "403" if operation.startswith("head") else "AccessDenied"
        for right in rights:
            left = [each for each in rights if each != right]
            yield Case(f"{what} without {right}", partial(_attempt, operation, parameters, left), refused)


def _said(parameters: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in parameters.items())


def _attempt(operation: str, parameters: dict[str, Any], rights: list[str], account: Account) -> Attempt:
    scene = Scene(account)
    filled = scene.filled(parameters)
    actions = [right if ":" in right else f"s3:{right}" for right in rights]
    keys = account.user(*([allow(actions)] if actions else [deny("s3:nothing")]))
    client = account.client("s3", keys)
    return lambda: getattr(client, operation)(**filled)


CASES = list(_cases())
