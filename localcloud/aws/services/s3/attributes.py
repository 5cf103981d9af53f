"""GetObjectAttributes: what is known of an object without its body, its parts included."""

from __future__ import annotations

from typing import Any

from moto.s3 import models

from localcloud.aws.replies import same
from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.errors import invalid_argument, invalid_request, method_not_allowed, no_such_key
from localcloud.aws.services.s3.listing import LARGEST, integer

NAMES = ("ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize")


def answer(ask: Ask) -> dict[str, Any]:
    """The attributes that the header names."""
    wanted = {name.strip() for name in ask.headers.get("x-amz-object-attributes", "").split(",") if name.strip()}
    if not wanted:
        raise invalid_request(
            "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty"
        )
    if not wanted <= set(NAMES):
        raise invalid_argument("Invalid attribute name specified.")
    key = _object(ask)
    found = {
        "ETag": key.etag.strip('"'),
        "Checksum": _checksum(key),
        "ObjectParts": _parts(ask, key),
        "StorageClass": key.storage_class,
        "ObjectSize": key.size,
    }
    told = {name: found[name] for name in NAMES if name in wanted and found[name] is not None}
    told["LastModified"] = key.last_modified
    return told | ({"VersionId": key.version_id} if key.version_id != "null" else {})


def _object(ask: Ask) -> Any:
    version = ask.query.get("versionId")
    key = ask.version(version_id=version)
    if key is None and version is not None:
        raise same("NoSuchVersion", 404, "The specified version does not exist.")
    if isinstance(key, models.FakeDeleteMarker) and version is not None:
        raise method_not_allowed()
    if key is None or isinstance(key, models.FakeDeleteMarker):
        raise no_such_key()
    return key


def _checksum(key: Any) -> dict[str, str] | None:
    if not key.checksum_algorithm or not key.checksum_value:
        return None
    kind = key.checksum_type or "FULL_OBJECT"
    return {f"Checksum{key.checksum_algorithm.upper()}": key.checksum_value, "ChecksumType": kind}


def _parts(ask: Ask, key: Any) -> dict[str, Any] | None:
    """The parts of an upload; each one only where it has a checksum."""
    after = integer(ask.headers.get("x-amz-part-number-marker") or "0", "x-amz-part-number-marker")
    limit = integer(ask.headers.get("x-amz-max-parts") or str(LARGEST), "x-amz-max-parts")
    if after < 0 or limit < 0:
        raise invalid_argument("Argument must be an integer between 0 and 2147483647")
    if not key.parts:
        return None
    told: dict[str, Any] = {"TotalPartsCount": len(key.parts)}
    if key.checksum_type != "COMPOSITE":
        return told
    limit = min(limit, LARGEST)
    left = [part for part in key.parts if part.number > after]
    page = left[:limit]
    told |= {"PartNumberMarker": after, "MaxParts": limit, "IsTruncated": len(left) > len(page)}
    told |= {"NextPartNumberMarker": page[-1].number if page else after}
    told["Parts"] = [{"PartNumber": part.number, "Size": part.size} | _sum(part) for part in page]
    return told


def _sum(part: Any) -> dict[str, str]:
    return {f"Checksum{part.checksum.algorithm}": part.checksum.value}
