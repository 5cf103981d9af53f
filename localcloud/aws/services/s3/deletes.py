"""DeleteObjects: up to a thousand names in one request."""

from __future__ import annotations

import re

from localcloud.aws.services.s3.ask import Answer, Ask
from localcloud.aws.services.s3.errors import invalid_request, malformed_xml

MOST = 1000
_DELETED = re.compile(r"<Deleted>.*?</Deleted>", re.DOTALL)


def check(ask: Ask) -> None:
    """The document, its length, and that the client says what it should be."""
    if not any(_digest(name.lower()) for name in ask.headers.keys()):  # noqa: SIM118 # werkzeug's headers are no dict
        raise invalid_request("Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
    objects = ask.document["Objects"]
    if not 1 <= len(objects) <= MOST or any(not each["Key"] for each in objects):
        raise malformed_xml()


def _digest(name: str) -> bool:
    return name in ("content-md5", "x-amz-sdk-checksum-algorithm", "x-amz-trailer") or (
        name.startswith("x-amz-checksum-") and name not in ("x-amz-checksum-algorithm", "x-amz-checksum-type")
    )


def quietly(ask: Ask, answer: Answer) -> Answer:
    """A client that asks for quiet hears of errors alone."""
    if not ask.document.get("Quiet"):
        return answer
    status, headers, body = answer
    text = body.decode() if isinstance(body, bytes) else body
    return status, headers, _DELETED.sub("", text)
