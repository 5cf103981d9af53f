"""What a request asks for, read from its headers, path and body."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from localcloud.aws import intake
from localcloud.aws.call import Call, understand
from localcloud.aws.faults import AwsFault, AwsFaults

SIGNED = "AWS4-HMAC-SHA256 Credential=AKIAONE/20260101/eu-central-1/{}/aws4_request, SignedHeaders=host, Signature=0"


def environ(
    signed_for: str | None, *, method: str = "POST", path: str = "/", body: bytes = b"", **headers: str
) -> Any:
    """A request as the server hands it over."""
    authorization = {"HTTP_AUTHORIZATION": SIGNED.format(signed_for)} if signed_for else {}
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "RAW_URI": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        **authorization,
        **headers,
    }


FORM = {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-8"}
CASES = [
    (environ("iam", body=b"Action=CreateRole&Version=2010-05-08", **FORM), "iam", "CreateRole", "query"),
    (environ("kms", HTTP_X_AMZ_TARGET="TrentService.CreateKey"), "kms", "CreateKey", "json"),
    (environ("monitoring", path="/service/Granite/operation/PutMetricAlarm"), "cloudwatch", "PutMetricAlarm", "cbor"),
    (environ("s3", method="PUT", path="/bucket"), "s3", "CreateBucket", "s3"),
    (environ("s3", method="GET", path="/bucket/key"), "s3", "GetObject", "s3"),
    (
        environ("s3", method="GET", path="/v20180820/tags/arn", HTTP_X_AMZ_ACCOUNT_ID="123456789012"),
        "s3control",
        "ListTagsForResource",
        "s3",
    ),
    (environ(None, body=b"Action=AssumeRoleWithWebIdentity", **FORM), "sts", "AssumeRoleWithWebIdentity", "query"),
]


@pytest.mark.parametrize(("request_", "service", "action", "protocol"), CASES, ids=[case[2] for case in CASES])
def test_each_protocol_is_understood(request_: Any, service: str, action: str, protocol: str) -> None:
    """Service, action and protocol are found, and the body is still there for who serves it."""
    body = intake.receive(request_)
    assert isinstance(body, bytes)

    call = understand(request_, body)
    intake.hand_over(call, request_)

    assert (call.service, call.action, call.protocol) == (service, action, protocol)
    assert request_["wsgi.input"].read() == body


def test_the_key_and_region_of_a_signature() -> None:
    """Who signed, and for which region; nobody when there is no signature."""
    signed, unsigned = understand(environ("ssm"), b""), understand(environ(None), b"")

    assert (signed.access_key_id, signed.region) == ("AKIAONE", "eu-central-1")
    assert unsigned.access_key_id is None


def call(service: str, action: str) -> Call:
    """A call that matters only by its name."""
    return Call(service, action, "eu-central-1", "AKIAONE", "query", "POST", "/")


def test_a_fault_befalls_only_what_it_names() -> None:
    """Patterns match service and action together, and each fault is used up."""
    faults = AwsFaults()
    faults.add(AwsFault(kind="status", service="iam", action="Create*", times=2))

    taken = [
        faults.befalling(call(*name)) for name in (("iam", "GetRole"), ("s3", "CreateBucket"), ("iam", "CreateRole"))
    ]

    assert [fault is not None for fault in taken] == [False, False, True]
    assert faults.befalling(call("iam", "CreateUser")) is not None
    assert faults.befalling(call("iam", "CreateUser")) is None
