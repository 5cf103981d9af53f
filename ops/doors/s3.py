"""What both doors to a bucket do alike: list all of it, and read on where a connection was lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from console.errors import ExplainedError
from ops.doors import aws

CHUNK = 1 << 20
ATTEMPTS = 6  # that bring not a byte, before a read is given up


def listed(s3: Any, bucket: str, prefix: str = "") -> Iterator[dict[str, Any]]:
    """All whose keys begin so, in the order of their keys; a thousand a request."""
    with aws.told(f"cannot list s3://{bucket}/{prefix}"):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            yield from page.get("Contents", ())


def read_on(ask: Callable[[int], Any], what: str) -> Iterator[bytes]:
    """An object to its end, which the first answer tells; `ask` answers from a byte on."""
    from botocore.exceptions import EndpointConnectionError, HTTPClientError, IncompleteReadError

    at, until, failed = 0, -1, 0
    while until < 0 or at < until:
        before = at
        try:
            answer = ask(at)
            until = answer["ContentLength"] if until < 0 else until
            with closing(answer["Body"]) as body:
                for chunk in body.iter_chunks(CHUNK):
                    at += len(chunk)
                    yield chunk
            lost: Exception = EOFError(f"it ends after {at} bytes of {until}")  # unless it is all
        except (EndpointConnectionError, HTTPClientError, IncompleteReadError, OSError) as error:
            lost = error
        failed = 0 if at > before else failed + 1
        if failed >= ATTEMPTS:
            raise ExplainedError(f"cannot read {what}", str(lost)) from lost
