"""A bucket's access log: it needs a second bucket that lets S3 deliver."""

from __future__ import annotations

import json
import uuid

import pytest
from botocore.exceptions import ClientError

from localcloud.plugins.aws.provider import AwsProvider
from pulumi_plugin.values import Values
from tests.support.plugin_engine import Thing, imported

LOGGING = "aws:s3/bucketLogging:BucketLogging"


def buckets(plugin: AwsProvider, *, delivered: bool = True) -> Values:
    """The inputs of a log from one new bucket into another."""
    logged, logs = (f"t-{uuid.uuid4().hex[:12]}" for _ in range(2))
    for name in (logged, logs):
        Thing(plugin, "aws:s3/bucket:Bucket").create(bucket=name, forceDestroy=True)
    if delivered:
        allow = {
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": ["s3:PutObject"],
            "Resource": f"arn:aws:s3:::{logs}/*",
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        Thing(plugin, "aws:s3/bucketPolicy:BucketPolicy").create(bucket=logs, policy=policy)
    return {"bucket": logged, "targetBucket": logs, "targetPrefix": "one/"}


def test_a_log_is_begun_moved_imported_and_stopped(plugin: AwsProvider) -> None:
    """Its id is the logged bucket's name."""
    inputs = buckets(plugin)
    thing = Thing(plugin, LOGGING).create(**inputs)
    assert thing.id == inputs["bucket"]
    assert dict(thing.diff(**inputs).kinds) == {}

    moved = {**inputs, "targetPrefix": "two/"}
    assert dict(thing.diff(**moved).kinds) == {"targetPrefix": "UPDATE"}
    thing.update(**moved)

    assert imported(plugin, LOGGING, thing.id).state["targetPrefix"] == "two/"
    thing.delete()
    assert not thing.refresh()


def test_a_bucket_that_does_not_let_s3_deliver_is_refused(plugin: AwsProvider) -> None:
    """By AWS, when the log is to begin."""
    inputs = buckets(plugin, delivered=False)

    with pytest.raises(ClientError, match="InvalidTargetBucketForLogging"):
        Thing(plugin, LOGGING).create(**inputs)
