"""The calls of an upload in parts: begun, sent, completed, aborted, listed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from moto.s3 import models

from localcloud.aws.services.s3 import conditions, versions
from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.bodies import Body, keep
from localcloud.aws.services.s3.checksums import ALGORITHMS, Checksum
from localcloud.aws.services.s3.copying import check_size, source_of
from localcloud.aws.services.s3.documents import payload
from localcloud.aws.services.s3.encryption import Encryption
from localcloud.aws.services.s3.errors import invalid_argument, invalid_request, malformed_xml, refuse
from localcloud.aws.services.s3.integrity import require, verify
from localcloud.aws.services.s3.listing import integer, limit_of
from localcloud.aws.services.s3.new_object import NewObject
from localcloud.aws.services.s3.object_lock import with_default
from localcloud.aws.services.s3.objects import Part, StoredKey, now
from localcloud.aws.services.s3.retention import asked_for
from localcloud.aws.services.s3.spans import MOST_PARTS, part_number
from localcloud.aws.services.s3.uploads import Kind, Upload, etag_of
from localcloud.aws.services.s3.writing import new_version, opaque_etag

_RANGE = re.compile(r"bytes=(\d+)-(\d+)")
OWNER = {"ID": models.OWNER}


def create(ask: Ask) -> dict[str, Any]:
    """CreateMultipartUpload."""
    attributes = replace(NewObject.of(ask), lock=asked_for(ask.said))
    upload = Upload(ask.key_name, attributes, Kind.of(ask.said))
    ask.bucket.multiparts[upload.id] = upload
    told = {"Bucket": ask.bucket_name, "Key": ask.key_name, "UploadId": upload.id}
    if upload.kind.declared:
        told |= {"ChecksumAlgorithm": upload.kind.algorithm, "ChecksumType": upload.kind.type}
    return told | upload.attributes.encryption.shown


def upload_part(ask: Ask) -> dict[str, Any]:
    """UploadPart."""
    number, upload = _number(ask), _upload(ask)
    if with_default(upload.attributes.lock, ask.bucket).asked:
        require(ask.said, "Put Part requests with Object Lock parameters")
    part = _keep(upload, number, keep(ask.payload), verify(ask.said, ask.payload))
    return {"ETag": part.etag} | _checksum(part) | upload.attributes.encryption.shown


def upload_part_copy(ask: Ask) -> dict[str, Any]:
    """UploadPartCopy: a part out of an object that is there."""
    number, upload = _number(ask), _upload(ask)
    bucket, source, _ = source_of(ask.said)
    first, last = _range(ask, source)
    check_size(last - first)
    part = _keep(upload, number, source.body.part(first, last))
    result = {"ETag": part.etag, "LastModified": part.modified} | _checksum(part)
    told = {"CopyPartResult": result, "CopySourceVersionId": versions.shown_id(bucket, source)}
    return told | upload.attributes.encryption.shown


def complete(ask: Ask) -> dict[str, Any]:
    """CompleteMultipartUpload. Said again it answers the same, as long as the object is there."""
    bucket, upload_id = ask.bucket, ask.query.get("uploadId") or ""
    wanted = payload("CompleteMultipartUpload", ask.body).get("Parts", [])
    if not wanted:
        raise malformed_xml()
    done = [each for each in versions.all_of(bucket, ask.key_name) if getattr(each, "upload_id", None) == upload_id]
    if done:
        return _told(ask, done[-1])
    upload = _upload(ask)
    conditions.check_write(ask.said, ask.key_name, versions.current(bucket, ask.key_name))
    parts = upload.chosen(wanted)
    checksum = upload.kind.of_object(parts)
    body = Body(tuple(piece for part in parts for piece in part.body.pieces))
    _check_whole(ask, upload, body, checksum)
    # The bucket's default retention counts from now; what was asked for at the beginning is as it was.
    attributes = replace(upload.attributes, lock=with_default(upload.attributes.lock, bucket))
    version = new_version(bucket, ask.key_name, body, attributes, etag_of(parts))
    version.parts, version.upload_id = tuple(parts), upload.id
    version.keep_checksum(checksum)
    del bucket.multiparts[upload.id]
    return _told(ask, version)


def abort(ask: Ask) -> dict[str, Any]:
    """AbortMultipartUpload."""
    del ask.bucket.multiparts[_upload(ask).id]
    return {}


def list_parts(ask: Ask) -> dict[str, Any]:
    """ListParts."""
    upload = _upload(ask)
    marker = integer(ask.query.get("part-number-marker") or "0", "part-number-marker")
    limit = limit_of(ask.query, "max-parts", "max-parts")
    after = [upload.parts[number] for number in upload.numbers if number > marker]
    page = after[:limit]
    told = {
        "Bucket": ask.bucket_name,
        "Key": ask.key_name,
        "UploadId": upload.id,
        "StorageClass": upload.storage,
        "Initiator": OWNER,
        "Owner": OWNER,
        "PartNumberMarker": marker,
        "NextPartNumberMarker": page[-1].number if page else 0,
        "MaxParts": limit,
        "IsTruncated": len(after) > len(page) > 0,
        "Parts": [_listed(upload, part) for part in page],
    }
    if upload.kind.declared:
        told |= {"ChecksumAlgorithm": upload.kind.algorithm, "ChecksumType": upload.kind.type}
    return told


def _listed(upload: Upload, part: Part) -> dict[str, Any]:
    shown = {"PartNumber": part.number, "LastModified": part.modified, "ETag": part.etag, "Size": part.size}
    return shown | (_checksum(part) if upload.kind.declared else {})


def _upload(ask: Ask) -> Upload:
    upload_id = ask.query.get("uploadId") or ""
    upload = ask.bucket.multiparts.get(upload_id)
    if upload is None or upload.key_name != ask.key_name:
        message = "The specified upload does not exist. The upload ID may be invalid,"
        message += " or the upload may have been aborted or completed."
        raise refuse("NoSuchUpload", 404, message, UploadId=upload_id)
    found: Upload = upload
    return found


def _number(ask: Ask) -> int:
    number = part_number(ask)
    if number is None:
        message = f"Part number must be an integer between 1 and {MOST_PARTS}, inclusive"
        raise invalid_argument(message, "partNumber", "")
    return number


def _keep(upload: Upload, number: int, body: Body, given: Checksum | None = None) -> Part:
    md5 = body.md5()
    etag = opaque_etag(md5, f"{upload.id} {number}") if upload.attributes.encryption.is_opaque else md5.hex()
    part = Part(number, body, f'"{etag}"', now(), upload.kind.of_part(given, body))
    upload.add(part)
    return part


def _checksum(part: Part) -> dict[str, Any]:
    return {f"Checksum{part.checksum.algorithm}": part.checksum.value}


def _range(ask: Ask, source: StoredKey) -> tuple[int, int]:
    text, size = ask.said.get("x-amz-copy-source-range"), source.body.size
    if text is None:
        return 0, size
    name = "x-amz-copy-source-range"
    match = _RANGE.fullmatch(text)
    if match is None or int(match[1]) > int(match[2]):
        message = f"The {name} value must be of the form bytes=first-last"
        message += " where first and last are the zero-based offsets of the first and last bytes to copy"
        raise invalid_argument(message, name, text)
    if int(match[2]) >= size:
        raise invalid_argument(f"Range specified is not valid for source object of size: {size}", name, text)
    return int(match[1]), int(match[2]) + 1


def _check_whole(ask: Ask, upload: Upload, body: Body, checksum: Checksum) -> None:
    """What the completion says of the whole object has to be so."""
    kind, size = ask.said.get("x-amz-checksum-type"), ask.said.get("x-amz-mp-object-size")
    if kind is not None and upload.kind.declared and kind.upper() != upload.kind.type:
        message = f"The upload was created using the {upload.kind.type} checksum mode."
        raise invalid_request(f"{message} The complete request must use the same checksum mode.")
    if size is not None and size != str(body.size):
        message = f"The provided 'x-amz-mp-object-size' header value {size} does not match what was computed"
        raise invalid_request(f"{message}: {body.size}")
    names = {f"x-amz-checksum-{algorithm.lower()}": algorithm for algorithm in ALGORITHMS}
    given = {names[name]: value for name, value in ask.said.items() if name in names}
    for algorithm, value in given.items():
        if algorithm != checksum.algorithm:
            message = f"Checksum Type mismatch occurred, expected checksum Type: {checksum.algorithm.lower()}"
            raise invalid_request(f"{message}, actual checksum Type: {algorithm.lower()}")
        if value.partition("-")[0] != checksum.value.partition("-")[0]:
            message = f"The {algorithm.lower()} you specified did not match the calculated checksum."
            raise refuse("BadDigest", 400, message)


def _told(ask: Ask, version: StoredKey) -> dict[str, Any]:
    told: dict[str, Any] = {
        "Location": f"http://{ask.said.get('host', '')}/{ask.bucket_name}/{quote(ask.key_name)}",
        "Bucket": ask.bucket_name,
        "Key": ask.key_name,
        "ETag": version.etag,
        "VersionId": versions.shown_id(ask.bucket, version),
    }
    return told | Encryption.of_object(version).shown | (version.checksum.shown if version.checksum else {})
