"""What S3 does with objects in archives alone, and what it no longer does."""

from __future__ import annotations

from localcloud.aws.replies import same
from localcloud.aws.services.s3.ask import Answer, Ask
from localcloud.aws.services.s3.errors import invalid_argument, malformed_xml, method_not_allowed, no_such_key

_ARCHIVES = ("GLACIER", "DEEP_ARCHIVE")


def check(ask: Ask) -> None:
    """RestoreObject is for objects in an archive, for some days."""
    key = ask.version(version_id=ask.query.get("versionId"))
    if not hasattr(key, "size"):
        raise no_such_key()
    if key.storage_class not in _ARCHIVES:
        raise same("InvalidObjectState", 403, "Restore is not allowed for the object's current storage class")
    if "Days" not in ask.document:
        raise malformed_xml()
    if ask.document["Days"] < 1:
        raise invalid_argument("Restoration days should be at least 1")


def refuse(ask: Ask) -> Answer:
    """S3 Select is closed to accounts that did not use it, and torrents are gone."""
    del ask
    raise method_not_allowed()
