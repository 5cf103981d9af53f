"""What can be done to a bucket and to what is in it. Long because it is one table, a line a call."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from bench.isolation.place import THERE, TRIED, Clients, Place
from bench.isolation.want import Undo, Want

_NEW: dict[str, Any] = {"IfNoneMatch": "*"}
_NONE = f"{TRIED}/none"
_NO_VERSION, _NO_UPLOAD = "0" * 32, "none"
_OF_CLIENT: dict[str, Any] = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "0" * 32}


def of(use: str) -> dict[str, Want]:
    """Everything that somebody could want of the bucket of that use."""

    def bucket(place: Place) -> str:
        return place.names.bucket(use)

    def s3(action: str, operation: str, undo: Undo | None = None, **more: Any) -> Want:
        return Want(f"s3:{action}", operation, {"Bucket": bucket, **more}, undo)

    def put(**more: Any) -> Want:
        return s3("PutObject", "put_object", Key=lambda _: f"{TRIED}/{uuid4().hex}", Body=b"", **more)

    def plain(action: str, operation: str, **more: Any) -> Want:
        return Want(f"s3:{action}", operation, {"Bucket": bucket, **more}, in_the_clear=True)

    def tags(action: str, operation: str, **more: Any) -> Want:
        arn = {"AccountId": lambda p: p.names.account, "ResourceArn": lambda p: f"arn:aws:s3:::{bucket(p)}"}
        return Want(f"s3:{action}", operation, {**arn, **more}, client="s3control")

    def abort(administrator: Clients, _: Place, answer: Any) -> None:
        where = {name: answer[name] for name in ("Bucket", "Key", "UploadId")}
        administrator("s3").abort_multipart_upload(**where)

    version: dict[str, Any] = {"Key": THERE, "VersionId": lambda place: place.versions[use]}
    return {
        "list": s3("ListBucket", "list_objects_v2", MaxKeys=1),
        "list versions": s3("ListBucketVersions", "list_object_versions", MaxKeys=1),
        "find": s3("GetBucketLocation", "get_bucket_location"),
        "read": s3("GetObject", "get_object", Key=THERE),
        "read a version": s3("GetObjectVersion", "get_object", **version),
        "read with a client's key": s3("GetObject", "get_object", Key=THERE, **_OF_CLIENT),
        "write": put(**_NEW),
        "overwrite": put(),
        "write with its key named": put(ServerSideEncryption="aws:kms", SSEKMSKeyId=lambda p: p.key, **_NEW),
        "write with S3's key": put(ServerSideEncryption="AES256", **_NEW),
        "write with AWS's key": put(ServerSideEncryption="aws:kms", **_NEW),
        "write with a client's key": put(**_OF_CLIENT, **_NEW),
        "begin an upload": s3("PutObject", "create_multipart_upload", abort, Key=_NONE),
        "end an upload": s3("PutObject", "complete_multipart_upload", Key=_NONE, UploadId=_NO_UPLOAD, **_NEW),
        "overwrite by an upload": s3("PutObject", "complete_multipart_upload", Key=_NONE, UploadId=_NO_UPLOAD),
        "abort an upload": s3("AbortMultipartUpload", "abort_multipart_upload", Key=_NONE, UploadId=_NO_UPLOAD),
        "list in the clear": plain("ListBucket", "list_objects_v2", MaxKeys=1),
        "read in the clear": plain("GetObject", "get_object", Key=THERE),
        "delete": s3("DeleteObject", "delete_object", Key=lambda _: f"{TRIED}/{uuid4().hex}"),
        "delete a version": s3("DeleteObjectVersion", "delete_object", Key=_NONE, VersionId=_NO_VERSION),
        "bypass a lock": s3(
            "BypassGovernanceRetention",
            "put_object_retention",
            Key=_NONE,
            BypassGovernanceRetention=True,
            Retention={},
        ),
        "put a retention": s3("PutObjectRetention", "put_object_retention", Key=_NONE, Retention={}),
        "put a legal hold": s3("PutObjectLegalHold", "put_object_legal_hold", Key=_NONE, LegalHold={}),
        "put an ACL": s3("PutObjectAcl", "put_object_acl", Key=_NONE, ACL="private"),
        "put a lifecycle": s3(
            "PutLifecycleConfiguration", "put_bucket_lifecycle_configuration", LifecycleConfiguration={"Rules": []}
        ),
        "put the versioning": s3(
            "PutBucketVersioning", "put_bucket_versioning", VersioningConfiguration={"Status": "Wrong"}
        ),
        "put the policy": s3("PutBucketPolicy", "put_bucket_policy", Policy="{}"),
        "put the encryption": s3(
            "PutEncryptionConfiguration", "put_bucket_encryption", ServerSideEncryptionConfiguration={"Rules": []}
        ),
        "put the lock": s3(
            "PutBucketObjectLockConfiguration",
            "put_object_lock_configuration",
            ObjectLockConfiguration={"ObjectLockEnabled": "Wrong"},
        ),
        "put CORS": s3("PutBucketCORS", "put_bucket_cors", CORSConfiguration={"CORSRules": []}),
        "put the tags": s3("PutBucketTagging", "put_bucket_tagging", Tagging=lambda p: {"TagSet": _tags(p)}),
        "add a tag": tags("TagResource", "tag_resource", Tags=_tags),
        "take a tag off": tags("UntagResource", "untag_resource", TagKeys=["none"]),
        "read the tags": tags("ListTagsForResource", "list_tags_for_resource"),
        "read the acceleration": s3("GetAccelerateConfiguration", "get_bucket_accelerate_configuration"),
        "read CORS": s3("GetBucketCORS", "get_bucket_cors"),
        "read the encryption": s3("GetEncryptionConfiguration", "get_bucket_encryption"),
        "read the lifecycle": s3("GetLifecycleConfiguration", "get_bucket_lifecycle_configuration"),
        "read the policy": s3("GetBucketPolicy", "get_bucket_policy"),
        "read the replication": s3("GetReplicationConfiguration", "get_bucket_replication"),
        "delete the bucket": s3("DeleteBucket", "delete_bucket"),
    }


def reports() -> dict[str, Want]:
    """What drills keep beside the backups."""

    def report(action: str, operation: str, **more: Any) -> Want:
        key = {"Key": lambda _: f"drills/{TRIED}/{uuid4().hex}"}
        return Want(f"s3:{action}", operation, {"Bucket": lambda p: p.names.bucket("backups"), **key, **more})

    return {
        "write a report": report("PutObject", "put_object", Body=b"", **_NEW),
        "overwrite a report": report("PutObject", "put_object", Body=b""),
        "abort a report's upload": report("AbortMultipartUpload", "abort_multipart_upload", UploadId=_NO_UPLOAD),
        "delete a report": report("DeleteObject", "delete_object"),
    }


def drops() -> dict[str, Want]:
    """Where dumps are laid down that replace the data, and what the companion keeps of them."""

    def at(below: str, action: str, operation: str, **more: Any) -> Want:
        key = {"Key": lambda _: f"drops/{below}{TRIED}/{uuid4().hex}"}
        return Want(f"s3:{action}", operation, {"Bucket": lambda p: p.names.bucket("backups"), **key, **more})

    return {
        "lay a dump down": at("", "PutObject", "put_object", Body=b"", **_NEW),
        "read a dump": at("", "GetObject", "get_object"),
        "abort a dump's upload": at("", "AbortMultipartUpload", "abort_multipart_upload", UploadId=_NO_UPLOAD),
        "claim a dump": at(".companion/", "PutObject", "put_object", Body=b"", **_NEW),
        "overwrite a claim": at(".companion/", "PutObject", "put_object", Body=b""),
        "delete a claim": at(".companion/", "DeleteObject", "delete_object"),
    }


def through_s3() -> dict[str, Want]:
    """The key by way of S3, in a bucket that asks for no other right."""
    by_key = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": lambda p: p.key}
    where = {"Bucket": lambda p: p.open_bucket}
    return {
        "seal through S3": Want("kms:GenerateDataKey", "put_object", {**where, "Key": TRIED, **by_key}, client="s3"),
        "open through S3": Want("kms:Decrypt", "get_object", {**where, "Key": lambda p: p.sealed}, client="s3"),
    }


def of_the_state() -> dict[str, Want]:
    """Pulumi's state, by the places in which its backend keeps it."""
    places = {
        "its stack": lambda p: f".pulumi/stacks/{p.names.project}/{p.names.environment}.json",
        "its history": lambda p: f".pulumi/history/{p.names.project}/{p.names.environment}/1.history.json",
        "what all share": ".pulumi/meta.yaml",
        "another project's": lambda p: f".pulumi/stacks/other/{p.names.environment}.json",
    }
    bucket = {"Bucket": lambda p: p.state_bucket}
    found = {
        "list": Want("s3:ListBucket", "list_objects_v2", bucket),
        "find": Want("s3:GetBucketLocation", "get_bucket_location", bucket),
        "list in the clear": Want("s3:ListBucket", "list_objects_v2", bucket, in_the_clear=True),
        "put the policy": Want("s3:PutBucketPolicy", "put_bucket_policy", {**bucket, "Policy": "{}"}),
        "delete a version": Want(
            "s3:DeleteObjectVersion",
            "delete_object",
            {**bucket, "Key": ".pulumi/meta.yaml", "VersionId": _NO_VERSION},
        ),
    }
    for what, key in places.items():
        one: dict[str, Any] = {**bucket, "Key": key}
        found[f"read {what}"] = Want("s3:GetObject", "get_object", one)
        found[f"write {what}"] = Want("s3:PutObject", "put_object", {**one, "Body": b"{}"})
        found[f"delete {what}"] = Want("s3:DeleteObject", "delete_object", one)
    return found


def _tags(place: Place) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in place.names.tags.items()]
