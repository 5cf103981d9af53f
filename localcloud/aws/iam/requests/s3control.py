"""S3 Control: the tags of buckets."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.requests import s3_access, s3_context, s3_things
from localcloud.aws.iam.requests.reading import Context, request_tags

_TAGS = "/v20180820/tags/"


def asks(call: Call, caller: Caller) -> Iterator[Ask]:
    """A tag is asked for on the bucket whose ARN the path names; anything else on all."""
    context = s3_context.of_request(call)
    _, _, name = unquote(call.path).rpartition(":::")
    bucket = s3_things.bucket_named(name)
    if not call.path.startswith(_TAGS) or bucket is None:
        yield Ask(f"s3:{call.action}", "*", context, owner=caller.account)
        return
    tags: Context = request_tags(s3_context.tags_in(call), call.query.get("tagKeys", ()))
    yield Ask(f"s3:{call.action}", bucket.arn, context | tags, s3_access.policy(bucket, caller))
