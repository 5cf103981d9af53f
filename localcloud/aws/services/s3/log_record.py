"""One request as a line of a server access log.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from moto.s3 import models

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller

BATCH = "BATCH.DELETE.OBJECT"  # one of many that one request deleted
_NONE = "-"
# What an operation is called where the subresource in the URL does not say it.
_NAMES = {
    "CompleteMultipartUpload": "REST.POST.UPLOAD",
    "AbortMultipartUpload": "REST.DELETE.UPLOAD",
    "ListParts": "REST.GET.UPLOAD",
    "UploadPart": "REST.PUT.PART",
    "UploadPartCopy": "REST.COPY.PART",
    "CopyObject": "REST.COPY.OBJECT",
    "DeleteObjects": "REST.POST.MULTI_OBJECT_DELETE",
}
_SUBRESOURCES = {
    "policy": "BUCKETPOLICY",
    "policyStatus": "POLICY_STATUS",
    "logging": "LOGGING_STATUS",
    "versions": "BUCKETVERSIONS",
    "requestPayment": "REQUEST_PAYMENT",
    "publicAccessBlock": "PUBLIC_ACCESS_BLOCK",
    "ownershipControls": "OWNERSHIP_CONTROLS",
    "object-lock": "OBJECT_LOCK_CONFIGURATION",
    "retention": "OBJECT_LOCK_RETENTION",
    "legal-hold": "OBJECT_LOCK_LEGALHOLD",
    **{
        name: name.upper()
        for name in (
            "accelerate", "acl", "analytics", "attributes", "cors", "encryption", "intelligent-tiering", "inventory",
            "lifecycle", "location", "metrics", "notification", "replication", "restore", "select", "tagging",
            "torrent", "uploads", "versioning", "website",
        )
    },
}  # fmt: skip
_CODE = re.compile(rb"<Error>\s*<Code>([^<]+)</Code>")
_TLS = ("TLS_AES_128_GCM_SHA256", "TLSv1.3")  # what the port stands for that stands for AWS's `https://`


@dataclass(frozen=True)
class Record:
    """What is known of one request when its answer is sent."""

    bucket: str
    at: datetime
    line: str


def record(
    call: Call, caller: Caller, answer: Any, *, bucket: Any, key: str, at: datetime, took: float, operation: str = ""
) -> Record:
    """Of a request that was answered, in so many milliseconds. `operation` says which of several that it was."""
    headers, status = answer.headers, 204 if operation == BATCH else answer.status_code
    size = 0 if operation else int(headers.get("content-length") or 0)
    whole = str(headers.get("content-range", "")).rpartition("/")[2]  # of an answer with a part of the object
    sent = call.headers.get("x-amz-decoded-content-length") or call.headers.get("content-length")
    signed = "QueryString" if "X-Amz-Signature" in call.query else "AuthHeader" if call.access_key_id else _NONE
    cipher, tls = _TLS if call.secure else (_NONE, _NONE)
    fields = [
        models.OWNER,
        bucket.name,
        f"[{at:%d/%b/%Y:%H:%M:%S +0000}]",
        call.source_ip or _NONE,
        _requester(caller),
        headers.get("x-amz-request-id", _NONE),
        operation or _operation(call, key),
        quote(key, safe="/~") or _NONE,
        f'"{call.method} {call.target} HTTP/1.1"',
        str(status),
        _code(answer, key) if status >= 400 else _NONE,
        str(size) if size and call.method != "HEAD" else _NONE,
        whole or _object_size(call, status, size, sent),
        f"{took:.0f}",
        f"{took:.0f}",
        _quoted(call.headers.get("referer")),
        _quoted(call.headers.get("user-agent")),
        headers.get("x-amz-version-id") or call.query.get("versionId", [_NONE])[0] or _NONE,
        headers.get("x-amz-id-2", _NONE),
        "SigV4" if call.access_key_id else _NONE,
        cipher,
        signed,
        call.headers.get("host", _NONE),
        tls,
        _NONE,  # no access points
        _NONE,  # that an ACL was needed is not noted
    ]
    return Record(bucket.name, at, " ".join(fields))


def _requester(caller: Caller) -> str:
    if caller.kind == "anonymous":
        return _NONE
    return models.OWNER if caller.kind == "root" else caller.arn


def _operation(call: Call, key: str) -> str:
    if named := _NAMES.get(call.action):
        return named
    if call.method == "OPTIONS":
        return "REST.OPTIONS.PREFLIGHT"
    noun = next((_SUBRESOURCES[name] for name in call.query if name in _SUBRESOURCES), "")
    if noun == "TAGGING" and key:
        noun = "OBJECT_TAGGING"
    return f"REST.{call.method}.{noun or ('OBJECT' if key else 'BUCKET' if call.form is None else 'OBJECT')}"


def _object_size(call: Call, status: int, size: int, sent: str | None) -> str:
    if status >= 400:
        return _NONE
    if call.action in ("GetObject", "HeadObject"):
        return str(size)
    return sent if call.action in ("PutObject", "UploadPart") and sent else _NONE


def _code(answer: Any, key: str) -> str:
    found = None if answer.is_streamed else _CODE.search(answer.get_data())
    if found:
        return found[1].decode("utf-8", "replace")
    # An answer to HEAD has no body.
    return {403: "AccessDenied", 404: "NoSuchKey" if key else "NoSuchBucket"}.get(answer.status_code, _NONE)


def _quoted(said: str | None) -> str:
    return '"' + (said or _NONE).replace('"', "%22") + '"'
