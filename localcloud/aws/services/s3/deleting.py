"""DeleteObject, DeleteObjects and DeleteBucket."""

from __future__ import annotations

from typing import Any

from moto.s3 import models

from localcloud.aws.iam.batch import refused
from localcloud.aws.replies import AwsError
from localcloud.aws.services.s3 import conditions, versions
from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.documents import payload
from localcloud.aws.services.s3.errors import invalid_request, malformed_xml, refuse
from localcloud.aws.services.s3.integrity import is_given

_MOST = 1000


def delete_object(ask: Ask) -> dict[str, Any]:
    """DeleteObject: a version for good, or a marker that hides them."""
    return _delete(ask, ask.key_name, ask.version_id, ask.said.get("if-match"))


def delete_objects(ask: Ask) -> dict[str, Any]:
    """DeleteObjects: each is deleted or reported by itself."""
    if not is_given(ask.said):
        raise invalid_request("Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
    wanted = payload("DeleteObjects", ask.body)
    if not 1 <= len(wanted["Objects"]) <= _MOST:
        raise malformed_xml()
    deleted, errors = [], []
    for each in wanted["Objects"]:
        key, version_id = each["Key"], each.get("VersionId") or None
        named = {"Key": key} | ({"VersionId": version_id} if version_id else {})
        try:
            if problem := refused.get().get((key, version_id)):
                raise problem
            done = _delete(ask, key, version_id, each.get("ETag"))
        except AwsError as problem:
            errors.append(named | {"Code": problem.s3[0], "Message": problem.message})
        else:
            marker = (
                {"DeleteMarker": True, "DeleteMarkerVersionId": done["VersionId"]} if "DeleteMarker" in done else {}
            )
            deleted.append(named | marker)
    return {"Errors": errors} | ({} if wanted.get("Quiet") else {"Deleted": deleted})


def delete_bucket(ask: Ask) -> dict[str, Any]:
    """DeleteBucket: one without versions; unfinished uploads go with it."""
    bucket, backend = ask.bucket, ask.bucket.backend
    if any(True for _ in bucket.keys.iterlists()):
        message = "The bucket you tried to delete is not empty"
        if bucket.versioning_status:
            message += ". You must delete all versions in the bucket."
        raise refuse("BucketNotEmpty", 409, message, BucketName=bucket.name)
    for upload_id in list(bucket.multiparts):
        del bucket.multiparts[upload_id]
    backend.buckets.pop(bucket.name)
    models.s3_backends.bucket_accounts.pop(bucket.name, None)
    backend.tagger.delete_all_tags_for_resource(bucket.arn)
    return {}


def _delete(ask: Ask, key: str, version_id: str | None, if_match: str | None) -> dict[str, Any]:
    bucket = ask.bucket
    conditions.check_match(if_match, key, versions.current(bucket, key))
    if version_id is None:
        marker = versions.mark_deleted(bucket, key)
        return {"DeleteMarker": True, "VersionId": marker.version_id} if marker else {}
    gone = versions.remove(bucket, key, version_id, bypass=ask.bypass)
    if gone is None:
        versions.check_id(version_id)
    told: dict[str, Any] = {"VersionId": version_id}
    return told | ({"DeleteMarker": True} if isinstance(gone, versions.DeleteMarker) else {})
