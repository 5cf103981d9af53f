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
from localcloud.aws.services.s3.encryption import Encryption, of_new

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
        if upload is not None:  # the parts are read again before they become one object
            yield from _asks(caller, where, bucket, upload.attributes.encryption, _DECRYPT)
        return
    headers = s3_things.headers(call)
    if "x-amz-server-side-encryption-customer-algorithm" not in headers:
        yield from _asks(caller, where, bucket, of_new(headers, bucket), _DATA_KEY)


def asks_to_read(caller: Caller, where: Place) -> Iterator[Ask]:
    """The key of what is stored."""
    found, bucket = s3_things.object_at(where), s3_things.bucket_named(where.bucket)
    if found is not None and found.encryption:
        yield from _asks(caller, where, bucket, Encryption.of_object(found), _DECRYPT)


def reads_content(call: Call, where: Place) -> bool:
    """Whether the answer needs what is inside: a HEAD does only for the checksum that was given with the object."""
    if call.action != "HeadObject":
        return True
    found = s3_things.object_at(where)
    wanted = call.headers.get("x-amz-checksum-mode", "").upper() == "ENABLED"
    return wanted and found is not None and bool(found.checksum_value)


def _asks(caller: Caller, where: Place, bucket: Any, encryption: Encryption, action: str) -> Iterator[Ask]:
    if not encryption.by_kms:
        return
    if caller.kind == "anonymous":
        raise _NAMELESS
    sealed = Place(where.bucket) if encryption.bucket_key else where
    use = seal.Use("s3", bucket.region_name, caller, {"aws:s3:arn": sealed.arn})
    yield from seal.asks(use, encryption.key or "alias/aws/s3", [action])
