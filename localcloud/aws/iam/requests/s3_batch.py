"""Deleting many objects at once: each is asked for by itself, and those that are refused are told in the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.batch import Names, refused
from localcloud.aws.iam.requests import s3, s3_context, s3_things
from localcloud.aws.replies import AwsError


def sort_out(call: Call, caller: Caller, check: Callable[[Ask], None]) -> None:
    """Find out which of the call's objects its caller may not delete, for who carries it out to leave them alone."""
    problems: dict[Names, AwsError] = {}
    if (call.service, call.action) == ("s3", "DeleteObjects") and s3_things.bucket_named(
        s3_things.place(call).bucket
    ):
        for names in named(call.body):
            try:
                for ask in s3.to_delete(call, caller, *names):
                    check(ask)
            except AwsError as problem:
                problems[names] = problem
    refused.set(problems)


def named(body: bytes) -> Iterator[Names]:
    """The objects of a Delete document, also of one that came in signed chunks."""
    start, end = body.find(b"<Delete"), body.rfind(b"</Delete>")
    document = body[start : end + len(b"</Delete>")] if start >= 0 and end >= 0 else b""
    key: str | None = None
    version: str | None = None
    for tag, text in s3_context.elements(document, ("Object", "Key", "VersionId")):
        if tag == "Object" and key is not None:
            yield key, version
            key = version = None
        elif tag == "Key":
            key = text
        elif tag == "VersionId":
            version = text or None
    if key is not None:
        yield key, version
