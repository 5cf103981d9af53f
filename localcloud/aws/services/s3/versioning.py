"""Versioning of a bucket: never, enabled or suspended."""

from __future__ import annotations

from typing import Any

from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.documents import payload
from localcloud.aws.services.s3.errors import refuse


def get_versioning(ask: Ask) -> dict[str, Any]:
    """GetBucketVersioning; says nothing of a bucket that never had it."""
    return {"Status": ask.bucket.versioning_status}


def put_versioning(ask: Ask) -> dict[str, Any]:
    """PutBucketVersioning. What Object Lock keeps, it keeps as versions: they can't be suspended then."""
    bucket = ask.bucket
    wanted = payload("PutBucketVersioning", ask.body)
    if "Status" not in wanted:
        message = "The Versioning element must be specified"
        raise refuse("IllegalVersioningConfigurationException", 400, message)
    if wanted.get("MFADelete") == "Enabled":
        raise refuse("AccessDenied", 403, "Mfa Authentication must be used for this request")
    if bucket.object_lock_enabled and wanted["Status"] != "Enabled":
        message = "An Object Lock configuration is present on this bucket,"
        message += " so the versioning state cannot be changed."
        raise refuse("InvalidBucketState", 409, message)
    bucket.versioning_status = wanted["Status"]
    return {}
