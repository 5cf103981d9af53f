"""Which check, which answer and which afterword belongs to which operation of S3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localcloud.aws.replies import same
from localcloud.aws.services.s3 import (
    acl,
    attributes,
    buckets,
    copying,
    customer_keys,
    deleting,
    documents,
    encryption,
    lifecycle,
    listings,
    metadata,
    multipart,
    object_lock,
    policy,
    reading,
    restoring,
    sites,
    tags,
    versioning,
    writing,
)
from localcloud.aws.services.s3.answers import Result
from localcloud.aws.services.s3.ask import Answer, Ask
from localcloud.aws.services.s3.errors import method_not_allowed
from localcloud.aws.services.s3.integrity import verify
from localcloud.aws.services.s3.settings import NAMED, SETTINGS

Check = Callable[[Ask], None]

# What falls to these when a subresource is asked for in a way that it does not know.
_PLAIN = {
    "ListBuckets", "ListObjects", "CreateBucket", "DeleteBucket", "HeadBucket",
    "GetObject", "PutObject", "CopyObject", "DeleteObject", "HeadObject", "PostObject",
}  # fmt: skip
_NO_SUBRESOURCE = {"list-type", "x-id", "select-type", "versions"}
# Directory buckets, table buckets, Object Lambda and what came with them.
NOT_BUILT = {
    "CreateBucketMetadataConfiguration", "CreateBucketMetadataTableConfiguration", "CreateSession",
    "DeleteBucketMetadataConfiguration", "DeleteBucketMetadataTableConfiguration", "DeleteObjectAnnotation",
    "GetBucketAbac", "GetBucketMetadataConfiguration", "GetBucketMetadataTableConfiguration", "GetObjectAnnotation",
    "ListDirectoryBuckets", "ListObjectAnnotations", "PutBucketAbac", "PutObjectAnnotation", "RenameObject",
    "UpdateBucketMetadataAnnotationTableConfiguration", "UpdateBucketMetadataInventoryTableConfiguration",
    "UpdateBucketMetadataJournalTableConfiguration", "UpdateObjectEncryption", "WriteGetObjectResponse",
}  # fmt: skip
_OWN_DOCUMENTS = {
    "CreateBucket", "CompleteMultipartUpload", "PutBucketAcl", "PutObjectAcl", "PutBucketNotificationConfiguration",
    "SelectObjectContent", "RestoreObject",
}  # fmt: skip
# Their checksum is kept with the object, or is that of the whole that parts make.
_OWN_DIGESTS = {"PutObject", "UploadPart", "CompleteMultipartUpload"}
_NEW_OBJECT: tuple[Check, ...] = (
    metadata.check_size, metadata.check_redirect, tags.check_header, acl.check_headers, encryption.on_write,
)  # fmt: skip


def check_any(ask: Ask) -> None:
    """What is refused of every request, before it is looked at more closely."""
    if ask.action in NOT_BUILT:
        raise same("NotImplemented", 501, f"not in the local cloud: {ask.action}")
    if ask.action in _PLAIN and ask.query.keys() & _subresources():
        raise method_not_allowed()
    if ask.key_name:
        metadata.check_key(ask)
    metadata.check_values(ask)
    metadata.overlook_bad_dates(ask)
    buckets.check_owner(ask)
    buckets.check_versioned_name(ask)
    if ask.bucket_name and ask.action not in ("CreateBucket", "ListBuckets", "HeadBucket"):
        ask.bucket  # noqa: B018 # NoSuchBucket comes before what is wrong with the rest
    if ask.action not in _OWN_DIGESTS and ask.body:
        verify(ask.said, ask.payload)
    if documents.has_document(ask.action) and ask.action not in _OWN_DOCUMENTS:
        ask.document  # noqa: B018 # MalformedXML comes before what is wrong in it


def _subresources() -> set[str]:
    model = documents.operation("ListBuckets").service_model
    names = {name for each in model.operation_names for name in documents.operation(each).http_trait.query_args}
    return names - _NO_SUBRESOURCE


CHECKS: dict[str, tuple[Check, ...]] = {
    "CreateBucket": (buckets.check_create, acl.check_headers),
    "PutPublicAccessBlock": (buckets.check_public_access_block,),
    "PutBucketOwnershipControls": (buckets.check_ownership,),
    "PutBucketTagging": (tags.check_bucket,),
    "PutObject": _NEW_OBJECT,
    "CopyObject": (copying.check_itself, *_NEW_OBJECT, copying.check_source),
    "CreateMultipartUpload": _NEW_OBJECT,
    "UploadPart": (customer_keys.check_part,),
    "UploadPartCopy": (customer_keys.check_part, copying.check_source),
    "GetObject": (metadata.check_overrides, encryption.on_read),
    "HeadObject": (metadata.check_overrides, encryption.on_read),
    "GetObjectAttributes": (encryption.on_read,),
    "PutObjectTagging": (tags.check_object,),
    "RestoreObject": (restoring.check,),
}
ANSWERS: dict[str, Callable[[Ask], Answer | Result | dict[str, Any]]] = {
    "ListBuckets": lambda ask: listings.list_buckets(ask.moto.backend.buckets, ask.query),
    "ListObjects": lambda ask: listings.list_objects(ask.bucket, ask.query),
    "ListObjectsV2": lambda ask: listings.list_objects_v2(ask.bucket, ask.query),
    "ListObjectVersions": lambda ask: listings.list_object_versions(ask.bucket, ask.query),
    "ListMultipartUploads": lambda ask: listings.list_multipart_uploads(ask.bucket, ask.query),
    "GetBucketAcl": acl.get_bucket,
    "PutBucketAcl": acl.put_bucket,
    "GetObjectAcl": acl.get_object,
    "PutObjectAcl": acl.put_object,
    "GetObjectAttributes": attributes.answer,
    "GetObjectTagging": tags.get_object,
    "PutObjectTagging": tags.put_object,
    "DeleteObjectTagging": tags.delete_object,
    "GetObjectTorrent": restoring.refuse,
    "SelectObjectContent": restoring.refuse,
    "PutBucketNotificationConfiguration": sites.put_notification,
    "AbortMultipartUpload": multipart.abort,
    "CompleteMultipartUpload": multipart.complete,
    "CopyObject": copying.copy_object,
    "CreateMultipartUpload": multipart.create,
    "DeleteBucket": deleting.delete_bucket,
    "DeleteObject": deleting.delete_object,
    "DeleteObjects": deleting.delete_objects,
    "GetBucketPolicyStatus": policy.get_status,
    "GetBucketVersioning": versioning.get_versioning,
    "GetObject": reading.get_object,
    "GetObjectLegalHold": object_lock.get_legal_hold,
    "GetObjectLockConfiguration": object_lock.get_configuration,
    "GetObjectRetention": object_lock.get_retention,
    "HeadObject": reading.head_object,
    "ListParts": multipart.list_parts,
    "PutBucketVersioning": versioning.put_versioning,
    "PutObject": writing.put_object,
    "PutObjectLegalHold": object_lock.put_legal_hold,
    "PutObjectLockConfiguration": object_lock.put_configuration,
    "PutObjectRetention": object_lock.put_retention,
    "UploadPart": multipart.upload_part,
    "UploadPartCopy": multipart.upload_part_copy,
    **{each.put: each.on_put for each in SETTINGS},
    **{each.get: each.on_get for each in SETTINGS},
    **{each.delete: each.on_delete for each in SETTINGS if each.delete},
    **{f"PutBucket{each.noun}Configuration": each.on_put for each in NAMED},
    **{f"GetBucket{each.noun}Configuration": each.on_get for each in NAMED},
    **{f"DeleteBucket{each.noun}Configuration": each.on_delete for each in NAMED},
    **{f"ListBucket{each.noun}Configurations": each.on_list for each in NAMED},
}
_EXPIRING = ("PutObject", "CopyObject", "CompleteMultipartUpload", "GetObject", "HeadObject")
FINISHES: dict[str, tuple[Callable[[Ask, Answer], Answer], ...]] = dict.fromkeys(_EXPIRING, (lifecycle.say_expiry,))
