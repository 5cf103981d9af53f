"""Which actions and resources a statement speaks of."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.aws.iam.document import Statement, read


def statement(**elements: Any) -> Statement:
    """One statement with these elements."""
    written = {"Effect": "Allow", "Action": "*", **elements}
    if "NotAction" in elements:
        del written["Action"]
    if "NotResource" not in elements:
        written.setdefault("Resource", "*")
    return read(json.dumps({"Version": "2012-10-17", "Statement": written})).statements[0]


@pytest.mark.parametrize(
    ("written", "action", "expected"),
    [
        ("s3:GetObject", "s3:GetObject", True),
        ("S3:getobject", "s3:GetObject", True),
        ("s3:Get*", "s3:GetObjectVersion", True),
        ("s3:Get*", "s3:PutObject", False),
        ("s3:?etObject", "s3:GetObject", True),
        ("*", "kms:Decrypt", True),
        ("s3:*", "s3control:GetPublicAccessBlock", False),
        (["kms:Decrypt", "s3:*Object"], "s3:DeleteObject", True),
        ("*:GetObject", "s3:GetObject", True),
    ],
)
def test_actions(written: Any, action: str, expected: bool) -> None:
    """Wildcards anywhere, in any case; `NotAction` is the rest."""
    assert statement(Action=written).applies(action, "*", {}) is expected
    assert statement(NotAction=written).applies(action, "*", {}) is not expected


@pytest.mark.parametrize(
    ("written", "resource", "expected"),
    [
        ("*", "*", True),
        ("arn:aws:s3:::bucket", "arn:aws:s3:::bucket", True),
        ("arn:aws:s3:::bucket", "arn:aws:s3:::Bucket", False),
        ("arn:aws:s3:::bucket", "*", False),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/b", True),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket", False),
        ("arn:aws:s3:::bucket*", "arn:aws:s3:::bucket-of-others/a", True),
        ("arn:aws:s3:::bucket/*/x", "arn:aws:s3:::bucket/a:b/x", True),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a\nb", True),
        ("arn:aws:s3:::b?cket/a", "arn:aws:s3:::bucket/a", True),
        ("arn:aws:s3:*:*:bucket", "arn:aws:s3:::bucket", True),
        ("arn:aws:sns", "arn:aws:sns:eu-central-1:123456789012:a", True),
        ("arn:aws:sns:eu-*:123456789012:a", "arn:aws:sns:eu-central-1:123456789012:a", True),
        ("arn:aws:sns:eu-*-1:123456789012:a", "arn:aws:sns:eu-central-1:123456789012:a", True),
        ("arn:aws:s*s:eu-west-1:1:a", "arn:aws:sqs:x:sns:eu-west-1:1:a", False),
        ("arn:aws:iam::*:role/a", "arn:aws:iam::123456789012:role/a", True),
        ("arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/path/a", False),
        (["arn:aws:s3:::a", "arn:aws:s3:::b"], "arn:aws:s3:::b", True),
        ("arn:aws:s3:::a/${*}", "arn:aws:s3:::a/*", True),
        ("arn:aws:s3:::a/${*}", "arn:aws:s3:::a/b", False),
        ("arn:aws:s3:::a/${aws:username}", "arn:aws:s3:::a/", False),
        ("arn:aws:s3:::a/${aws:username, 'x'}", "arn:aws:s3:::a/x", True),
        ("arn:aws:s3:::a.b", "arn:aws:s3:::axb", False),
    ],
)
def test_resources(written: Any, resource: str, expected: bool) -> None:
    """Wildcards within a field, or beyond it where they end one; `NotResource` is the rest."""
    assert statement(Resource=written).applies("s3:GetObject", resource, {}) is expected
    assert statement(NotResource=written).applies("s3:GetObject", resource, {}) is not expected
