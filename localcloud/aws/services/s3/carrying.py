"""The calls about objects that are carried out here; moto has the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localcloud.aws.call import understand
from localcloud.aws.services.s3 import (
    copying,
    deleting,
    multipart,
    object_lock,
    reading,
    versioning,
    writing,
)
from localcloud.aws.services.s3.answers import Answer, Written, write
from localcloud.aws.services.s3.asked import Asked

OPERATIONS: dict[str, Callable[[Asked], Answer | dict[str, Any]]] = {
    "AbortMultipartUpload": multipart.abort,
    "CompleteMultipartUpload": multipart.complete,
    "CopyObject": copying.copy_object,
    "CreateMultipartUpload": multipart.create,
    "DeleteBucket": deleting.delete_bucket,
    "DeleteObject": deleting.delete_object,
    "DeleteObjects": deleting.delete_objects,
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
}


def carry_out(moto: Any, request: Any) -> Written | None:
    """The answer to a call, as moto has received it; None where it is moto's to answer."""
    call = understand(request.environ, b"")
    operation = OPERATIONS.get(call.action)
    if operation is None or (call.action == "GetObject" and "attributes" in call.query):
        return None
    key = moto.parse_key_name() or ""
    asked = Asked.of(call, moto.bucket_name, key, call.headers, moto.body or b"")
    status, told, body = write(call.action, operation(asked))
    return status, {**told, **moto._get_cors_headers_other()}, body
