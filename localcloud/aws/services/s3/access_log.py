"""Notes the requests to buckets that have a server access log: each one, what was copied, and what went with many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import unescape

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam.requests import s3_batch, s3_things
from localcloud.aws.services.s3 import log_delivery
from localcloud.aws.services.s3.log_record import BATCH, record
from localcloud.machine import clock

_REFUSED = re.compile(r"<Error>(.*?)</Error>", re.DOTALL)
_KEY = re.compile(r"<Key>(.*?)</Key>", re.DOTALL)


def note(call: Call, caller: Caller, answer: Any, took: float) -> None:
    """Write down a request that is about to be answered, where its bucket, or that of a copy's source, wants it."""
    for bucket, key, operation in _parts(call, answer):
        if bucket is None or log_delivery.of(bucket) is None:
            continue
        log_delivery.add(
            record(call, caller, answer, bucket=bucket, key=key, at=clock.now(), took=took, operation=operation)
        )


def _parts(call: Call, answer: Any) -> Iterator[tuple[Any, str, str]]:
    """The buckets, keys and operations of one request; without an operation, the request itself."""
    where = s3_things.place(call)
    bucket = s3_things.bucket_named(where.bucket)
    yield bucket, where.key, ""
    source = s3_things.source(call) if call.action in ("CopyObject", "UploadPartCopy") else None
    if source is not None:
        copied = "REST.COPY.OBJECT_GET" if call.action == "CopyObject" else "REST.COPY.PART_GET"
        yield s3_things.bucket_named(source.bucket), source.key, copied
    if call.action == "DeleteObjects" and answer.status_code == 200 and bucket is not None:
        kept = {
            unescape(key) for each in _REFUSED.findall(answer.get_data(as_text=True)) for key in _KEY.findall(each)
        }
        for key, _ in s3_batch.named(call.body):
            if key not in kept:
                yield bucket, key, BATCH
