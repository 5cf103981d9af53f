"""S3's use of KMS for its caller: a data key for what is written, its decryption for what is read.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.requests import s3_things, seal
from localcloud.aws.iam.requests.s3_things import Place
from localcloud.aws.replies import same

_DATA_KEY, _DECRYPT = "kms:GenerateDataKey", "kms:Decrypt"
_PARTS = ("CompleteMultipartUpload", "UploadPart", "UploadPartCopy")
_NAMELESS = same(
    "InvalidArgument",
    400,
    "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.",
)


def asks_to_write(call: Call, caller: Caller, where: Place, bucket: Any) -> Iterator[Ask]:
    """The key of what is about to be stored: the headers', the upload's, or the bucket's own."""
    if call.action in _PARTS:
        upload = bucket.multiparts.get((call.query.get("uploadId") or [""])[0])
        algorithm, key, bundled = _default(bucket)
        if upload is not None and upload.sse_encryption:
            algorithm, key = upload.sse_encryption, upload.kms_key_id
        # The parts are read again before they become one object.
        yield from _asks(caller, where, bucket, algorithm, key, bundled=bundled, action=_DECRYPT)
        return
    said = call.headers.get("x-amz-server-side-encryption")
    algorithm, key, bundled = _default(bucket)
    if said or call.headers.get("x-amz-server-side-encryption-customer-algorithm"):
        algorithm = said or ""
        key = call.headers.get("x-amz-server-side-encryption-aws-kms-key-id") or (
            key if algorithm.startswith("aws:kms") and _default(bucket)[0] == algorithm else None
        )
    if given := call.headers.get("x-amz-server-side-encryption-bucket-key-enabled"):
        bundled = given.lower() == "true"
    yield from _asks(caller, where, bucket, algorithm, key, bundled=bundled, action=_DATA_KEY)


def asks_to_read(caller: Caller, where: Place) -> Iterator[Ask]:
    """The key of what is stored."""
    found, bucket = s3_things.object_at(where), s3_things.bucket_named(where.bucket)
    if found is not None:
        bundled = str(found.bucket_key_enabled).lower() == "true"
        sealed_by = found.kms_key_id
        yield from _asks(caller, where, bucket, found.encryption, sealed_by, bundled=bundled, action=_DECRYPT)


def reads_content(call: Call, where: Place) -> bool:
    """Whether the answer needs what is inside: a HEAD does only for the checksum that was given with the object."""
    if call.action != "HeadObject":
        return True
    found = s3_things.object_at(where)
    wanted = call.headers.get("x-amz-checksum-mode", "").upper() == "ENABLED"
    return wanted and found is not None and bool(found.checksum_value)


def _asks(
    caller: Caller, where: Place, bucket: Any, algorithm: str | None, key: str | None, *, bundled: bool, action: str
) -> Iterator[Ask]:
    if not (algorithm or "").startswith("aws:kms"):
        return
    if caller.kind == "anonymous":
        raise _NAMELESS
    arn = Place(where.bucket).arn if bundled else Place(where.bucket, where.key).arn
    use = seal.Use("s3", bucket.region_name, caller, {"aws:s3:arn": arn})
    yield from seal.asks(use, key or "alias/aws/s3", [action])


def _default(bucket: Any) -> tuple[str, str | None, bool]:
    rule = (bucket.encryption or {}).get("Rule", {})
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    bundled = str(rule.get("BucketKeyEnabled", "false")).lower() == "true"
    return str(default.get("SSEAlgorithm", "")), default.get("KMSMasterKeyID"), bundled
