"""Bytes that are not those that were sent: Content-MD5 and checksums, of objects and of parts."""

from __future__ import annotations

import base64
import hashlib
import zlib
from typing import Any

from bench.aws_truth.account import Account
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.objects import PART, Named, bucket, complete, part, put, upload

BODY = b"123456789"
# Of those nine bytes, as the catalogues of CRCs have them.
CRC32C, CRC64NVME = (0xE3069283).to_bytes(4, "big"), (0xAE8B14860A799888).to_bytes(8, "big")


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


RIGHT = {
    "CRC32": _base64(zlib.crc32(BODY).to_bytes(4, "big")),
    "CRC32C": _base64(CRC32C),
    "CRC64NVME": _base64(CRC64NVME),
    "SHA1": _base64(hashlib.sha1(BODY, usedforsecurity=False).digest()),
    "SHA256": _base64(hashlib.sha256(BODY).digest()),
}
WRONG = {name: _base64(bytes(len(base64.b64decode(value)))) for name, value in RIGHT.items()}
MD5 = _base64(hashlib.md5(BODY, usedforsecurity=False).digest())


def _checksums(values: dict[str, str], *names: str) -> dict[str, Any]:
    return {f"Checksum{name}": values[name] for name in names}


def _put(**options: Any) -> Any:
    def prepare(account: Account) -> Attempt:
        name = bucket(account)
        return lambda: account.admin("s3").put_object(Bucket=name, Key="a", Body=BODY, **options)

    return prepare


def _headed(**headers: str) -> Any:
    """A put whose headers are as they are sent, whatever the SDK would make of them."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def prepare(account: Account) -> Attempt:
        name = bucket(account)
        s3 = account.client("s3", account.keys)
        s3.meta.events.register("before-sign.s3.PutObject", lambda request, **_: _replace(request.headers, named))
        return lambda: s3.put_object(Bucket=name, Key="a", Body=BODY)

    return prepare


def _replace(headers: Any, named: dict[str, str]) -> None:
    for name in [name for name in headers if name.lower().startswith(("x-amz-checksum-", "x-amz-sdk-"))]:
        del headers[name]
    for name, value in named.items():
        headers[name] = value


def _part(begin: dict[str, Any], **options: Any) -> Any:
    def prepare(account: Account) -> Attempt:
        begun = upload(account, bucket(account), **begin)
        return lambda: account.admin("s3").upload_part(**begun, PartNumber=1, Body=BODY, **options)

    return prepare


def _begun(**options: Any) -> Any:
    def prepare(account: Account) -> Attempt:
        name = bucket(account)
        return lambda: account.admin("s3").create_multipart_upload(Bucket=name, Key="a", **options)

    return prepare


def _completed(begin: dict[str, Any], *, forget: bool = False, spoil: bool = False, **options: Any) -> Any:
    """An upload of one part; what its completion says of the part is left out or wrong."""

    def prepare(account: Account) -> Attempt:
        begun = upload(account, bucket(account), **begin)
        sent = part(account, begun, body=BODY, **_algorithm(begin))
        said = {name: WRONG[name.removeprefix("Checksum")] if spoil else value for name, value in _sums(sent).items()}
        kept = {"PartNumber": 1, "ETag": sent["ETag"]} | ({} if forget else said)
        return lambda: complete(account, begun, kept, **options)

    return prepare


def _sums(sent: Named) -> dict[str, str]:
    return {name: value for name, value in sent.items() if name.startswith("Checksum")}


def _algorithm(begin: dict[str, Any]) -> dict[str, Any]:
    return {"ChecksumAlgorithm": begin["ChecksumAlgorithm"]} if "ChecksumAlgorithm" in begin else {}


def _deletes(**headers: str) -> Any:
    """A batch of deletions that says something else of its body than is so."""

    def prepare(account: Account) -> Attempt:
        name = bucket(account)
        s3 = account.client("s3", account.keys)
        s3.meta.events.register(
            "before-sign.s3.DeleteObjects", lambda request, **_: _replace(request.headers, headers)
        )
        return lambda: s3.delete_objects(Bucket=name, Delete={"Objects": [{"Key": "a"}]})

    return prepare


def _copied(**options: Any) -> Any:
    def prepare(account: Account) -> Attempt:
        source = put(account, bucket(account), body=BODY)
        return lambda: account.admin("s3").copy_object(
            Bucket=source["Bucket"], Key="b", CopySource={"Bucket": source["Bucket"], "Key": "a"}, **options
        )

    return prepare


WHOLE = {"ChecksumAlgorithm": "CRC32", "ChecksumType": "FULL_OBJECT"}
COMPOSITE = {"ChecksumAlgorithm": "SHA256"}
CASES = [
    Case("a right Content-MD5", _put(ContentMD5=MD5)),
    Case("a wrong Content-MD5", _put(ContentMD5=_base64(bytes(16))), "BadDigest"),
    Case("a Content-MD5 that is too short", _put(ContentMD5="YWJj"), "InvalidDigest"),
    Case("a Content-MD5 that is no base64", _put(ContentMD5="!!"), "InvalidDigest"),
    *(Case(f"a right {name}", _put(**_checksums(RIGHT, name))) for name in RIGHT),
    *(Case(f"a wrong {name}", _put(**_checksums(WRONG, name)), "BadDigest") for name in WRONG),
    *(Case(f"a {name} that is too short", _put(**{f"Checksum{name}": "YQ=="}), "InvalidRequest") for name in RIGHT),
    Case("a CRC32 that is no base64", _put(ChecksumCRC32="!!!!"), "InvalidRequest"),
    Case("two checksums at once", _put(**_checksums(RIGHT, "CRC32", "SHA256")), "InvalidRequest"),
    Case(
        "an algorithm named without checksum",
        _headed(x_amz_sdk_checksum_algorithm="CRC32"),
        "InvalidRequest",
    ),
    Case("no checksum at all", _headed()),
    Case("a part with the right SHA256", _part(COMPOSITE, **_checksums(RIGHT, "SHA256"))),
    Case("a part with a wrong SHA256", _part(COMPOSITE, **_checksums(WRONG, "SHA256")), "BadDigest"),
    Case("a part with another algorithm", _part(COMPOSITE, **_checksums(RIGHT, "CRC32C")), "InvalidRequest"),
    Case("a part with a wrong MD5", _part({}, ContentMD5=_base64(bytes(16))), "BadDigest"),
    Case("an upload of SHA256 over the whole", _begun(**COMPOSITE, ChecksumType="FULL_OBJECT"), "InvalidRequest"),
    Case(
        "an upload of CRC64NVME over the parts",
        _begun(ChecksumAlgorithm="CRC64NVME", ChecksumType="COMPOSITE"),
        "InvalidRequest",
    ),
    Case("an upload with a type and no algorithm", _begun(ChecksumType="COMPOSITE"), "InvalidRequest"),
    Case("an upload of CRC64NVME", _begun(ChecksumAlgorithm="CRC64NVME")),
    Case("a completion with its parts' checksums", _completed(COMPOSITE)),
    Case("a completion without them", _completed(COMPOSITE, forget=True), "InvalidRequest"),
    Case("a completion with a wrong one", _completed(COMPOSITE, spoil=True), "InvalidPart"),
    Case("a completion over the whole, without them", _completed(WHOLE, forget=True)),
    Case("a completion with the right whole", _completed(WHOLE, **_checksums(RIGHT, "CRC32"))),
    Case("a completion with a wrong whole", _completed(WHOLE, **_checksums(WRONG, "CRC32")), "BadDigest"),
    Case("a completion of another type", _completed(WHOLE, ChecksumType="COMPOSITE"), "InvalidRequest"),
    Case("a completion of the right size", _completed(WHOLE, MpuObjectSize=len(BODY))),
    Case("a completion of another size", _completed(WHOLE, MpuObjectSize=PART), "InvalidRequest"),
    Case("a batch of deletions with a wrong MD5", _deletes(**{"Content-MD5": _base64(bytes(16))}), "BadDigest"),
    Case("a batch of deletions without any", _deletes(), "InvalidRequest"),
    Case("a copy with another checksum", _copied(ChecksumAlgorithm="SHA256")),
]
