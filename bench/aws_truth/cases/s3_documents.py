"""Documents that S3 is sent, and forms' files, of which the request says something else than they are."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any

import requests

from bench.aws_truth.account import Account
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.objects import bucket
from bench.aws_truth.s3 import sent
from tests.support.signer import Signer

FILE = b"here"


def _md5(content: bytes) -> str:
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


def _sha256(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


TAGS = b"<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"
_AES = b"<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>"
_RULE = b"<Rule><ID>a</ID><Status>Enabled</Status><Filter/><Expiration><Days>1</Days></Expiration></Rule>"
_BLOCK = b"<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>"
DOCUMENTS = {
    "tags of an object": ("/a?tagging", TAGS),
    "tags of a bucket": ("?tagging", TAGS),
    "versioning": ("?versioning", b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"),
    "encryption": (
        "?encryption",
        b"<ServerSideEncryptionConfiguration><Rule>" + _AES + b"</Rule></ServerSideEncryptionConfiguration>",
    ),
    "lifecycle": ("?lifecycle", b"<LifecycleConfiguration>" + _RULE + b"</LifecycleConfiguration>"),
    "a public access block": ("?publicAccessBlock", _BLOCK),
}


def _document(what: str, code: str | None, said: str, **headers: str) -> Case:
    path, body = DOCUMENTS[what]
    return sent(f"{what} with {said}", code, "PUT", path, body, **headers)


def _form(said: str, code: str | None, *, locked: bool = False, **fields: str) -> Case:
    """A form that posts a file with these fields."""

    def prepare(account: Account) -> Attempt:
        name = bucket(account, ObjectLockEnabledForBucket=locked)
        signer = Signer(account.keys)
        named = {field.replace("_", "-"): value for field, value in fields.items()}
        conditions: list[Any] = [{"bucket": name}, {"key": "a"}, *({field: named[field]} for field in named)]
        conditions += [["starts-with", f"$x-amz-{field}", ""] for field in ("algorithm", "credential", "date")]
        ends = (signer.moment + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        form = signer.form({"expiration": ends, "conditions": conditions}, key="a", **named)
        url = f"{account.url}/{name}"
        return lambda: requests.post(url, data=form, files={"file": ("a", FILE)}, timeout=20)

    return Case(f"a form with {said}", prepare, code)


KEPT = {"x-amz-object-lock-mode": "GOVERNANCE", "x-amz-object-lock-retain-until-date": "2099-01-01T00:00:00Z"}
CASES = [
    *(_document(what, None, "the right MD5", **{"content-md5": _md5(body)}) for what, (_, body) in DOCUMENTS.items()),
    *(_document(what, "BadDigest", "a wrong MD5", **{"content-md5": _md5(b"")}) for what in DOCUMENTS),
    *(
        _document(what, "BadDigest", "a wrong SHA256", **{"x-amz-checksum-sha256": _sha256(b"")})
        for what in DOCUMENTS
    ),
    _document("tags of an object", "InvalidDigest", "an MD5 that is none", **{"content-md5": "none"}),
    _document("tags of an object", "InvalidRequest", "a CRC32 that is none", **{"x-amz-checksum-crc32": "none"}),
    _form("the right MD5", None, content_md5=_md5(FILE)),
    _form("a wrong MD5", "BadDigest", content_md5=_md5(b"")),
    _form("the right SHA256", None, x_amz_checksum_sha256=_sha256(FILE)),
    _form("a wrong SHA256", "BadDigest", x_amz_checksum_sha256=_sha256(b"")),
    _form("a retention and no digest", "InvalidRequest", locked=True, **KEPT),
    _form("a retention and its MD5", None, locked=True, content_md5=_md5(FILE), **KEPT),
]
