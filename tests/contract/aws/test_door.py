"""The door answers whatever is sent to it: at once, with an error of AWS's, and never with one of its own."""

from __future__ import annotations

import re
import socket
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.support.aws_daemon import Aws
from tests.support.signer import Signer

HEAD = "{} HTTP/1.1\r\nHost: 127.0.0.1\r\n{}\r\n"


def raw(aws: Aws, sent: bytes, *, port: str = "aws", ends: bool = False) -> tuple[int, str]:
    """Status and error code of what is answered to these bytes, while the client keeps the connection open."""
    with socket.create_connection(("127.0.0.1", aws.port(port)), timeout=10) as connection:
        connection.sendall(sent)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while b"</Error" not in answer and (piece := connection.recv(65536)):
            answer += piece
    code = re.search(rb"<Code>(\w+)</Code>", answer)
    final = answer.rpartition(b"HTTP/1.1 ")[2]
    return int(final[:3]) if final[:3].isdigit() else 0, code[1].decode() if code else ""


@pytest.mark.parametrize(
    ("line", "headers", "expected"),
    [
        ("PUT /b/k", "Content-Length: -5\r\n", (400, "BadRequest")),
        ("PUT /b/k", "Content-Length: five\r\n", (400, "BadRequest")),
        ("PUT /b/k", "Content-Length: " + "9" * 40 + "\r\n", (400, "BadRequest")),
        ("PUT /b/k", "Content-Length: 99999999999999\r\n", (400, "EntityTooLarge")),
        ("PUT /b/k", "Content-Length: 5\r\nContent-Length: 6\r\n", (400, "")),
        ("PUT /b/k", "Expect: 100-continue\r\nContent-Length: 0\r\n", (404, "NoSuchBucket")),
        ("GET /b/%00", "", (400, "InvalidURI")),
        ("GET /b/%zz", "", (400, "InvalidURI")),
        ("FOO /b/k", "", (405, "MethodNotAllowed")),
        ("GET http://[/b", "", (400, "")),
        (
            "GET /b/k",
            "Authorization: AWS4-HMAC-SHA256 Credential=,Signature=\r\n",
            (400, "AuthorizationHeaderMalformed"),
        ),
        ("GET /b/k", "Authorization: AWS4-ECDSA-P256-SHA256 Credential=A/b/c/d\r\n", (501, "NotImplemented")),
        ("GET /b/k", "Authorization: \xff\xfe\r\n", (400, "InvalidArgument")),
    ],
)
def test_a_head_that_is_none_is_answered_at_once(
    aws: Aws, line: str, headers: str, expected: tuple[int, str]
) -> None:
    """The client is told what is wrong, though it would wait for more."""
    assert raw(aws, HEAD.format(line, headers).encode("latin-1")) == expected


def test_a_body_that_ends_too_soon_is_refused(aws: Aws) -> None:
    """A connection that breaks leaves no half of an object."""
    sent = HEAD.format("PUT /b/k", "Content-Length: 50\r\n").encode() + b"hello"

    assert raw(aws, sent, ends=True) == (400, "IncompleteBody")


def test_a_transfer_in_pieces_that_are_none_is_refused(aws: Aws) -> None:
    """The length of a piece is a number."""
    sent = HEAD.format("PUT /b/k", "Transfer-Encoding: chunked\r\n").encode() + b"zz\r\nhello"

    assert raw(aws, sent) == (400, "InvalidRequest")


def signer(aws: Aws, service: str = "s3") -> Signer:
    """The administrator's hand."""
    me = aws.identity
    keys = {"AccessKeyId": me["aws_access_key_id"], "SecretAccessKey": me["aws_secret_access_key"]}
    return Signer(keys, service=service)


def code_of(answer: requests.Response) -> tuple[int, str]:
    """Status and error code."""
    in_xml = re.search(r"<Code>(\w+)</Code>", answer.text)
    return answer.status_code, in_xml[1] if in_xml else answer.json()["__type"]


@pytest.mark.parametrize(
    ("target", "body", "code"),
    [
        ("TrentService.ListKeys", b"\xff", "SerializationException"),
        ("TrentService.ListKeys", b"[]", "SerializationException"),
        ("TrentService.ListKeys", b'{"Limit": "many"}', "SerializationException"),
        ("TrentService.ListKeys", b"[" * 100_000, "SerializationException"),
        ("TrentService.TagResource", b'{"KeyId": "a", "Tags": [{"TagKey": 1}]}', "SerializationException"),
        ("TrentService.Nothing", b"{}", "UnknownOperationException"),
        ("TrentService.", b"{}", "UnknownOperationException"),
    ],
)
def test_a_body_that_is_not_what_a_service_reads_is_refused(aws: Aws, target: str, body: bytes, code: str) -> None:
    """As AWS, before anything of it is believed."""
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": target}

    answer = signer(aws, "kms").send("POST", f"{aws.url}/", body, headers=headers)

    assert code_of(answer) == (400, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "MissingAction"),
        (b"\xff\xfe=\x00", "MissingAction"),
        (b"Action=Nothing&Version=2010-05-08", "InvalidAction"),
        (b"Action=ListUsers&Version=2010-05-08&MaxItems=many", "MalformedInput"),
    ],
)
def test_a_form_that_is_not_what_a_service_reads_is_refused(aws: Aws, body: bytes, code: str) -> None:
    """An action that is missing, that nobody knows, or whose number is none."""
    headers = {"content-type": "application/x-www-form-urlencoded"}

    assert code_of(signer(aws, "iam").send("POST", f"{aws.url}/", body, headers=headers)) == (400, code)


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("PUT", "?tagging", b"<a>", (400, "MalformedXML")),
        ("PUT", "?tagging", b"", (400, "MissingRequestBodyError")),
        ("PUT", "?lifecycle", b"\x00", (400, "MalformedXML")),
        ("POST", "", b"", (412, "PreconditionFailed")),
        ("POST", "/key", b"", (405, "MethodNotAllowed")),
        ("PATCH", "/key", b"", (405, "MethodNotAllowed")),
    ],
)
def test_what_is_no_request_of_s3_is_refused(
    aws: Aws, method: str, path: str, body: bytes, expected: tuple[int, str]
) -> None:
    """Documents that are none, and methods that S3 lacks."""
    s3 = aws.client("s3")
    if "door-bucket" not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket="door-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})

    assert code_of(signer(aws).send(method, f"{aws.url}/door-bucket{path}", body)) == expected


def test_a_second_port_stands_for_calls_without_tls(aws: Aws) -> None:
    """It is the same API, with the same keys; policies see that it is not secure."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="plain-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    plain: Any = aws.client("s3", endpoint_url=f"http://127.0.0.1:{aws.port('aws_plain')}")

    names = [bucket["Name"] for bucket in plain.list_buckets()["Buckets"]]

    assert "plain-bucket" in names
    assert raw(aws, HEAD.format("GET /plain-bucket", "").encode(), port="aws_plain") == (403, "AccessDenied")


def test_a_boto_client_is_told_what_is_wrong_with_its_request(aws: Aws) -> None:
    """Through the SDK an error of the door is an error like any other."""
    kms: Any = aws.client("kms")

    def no_json(params: dict[str, Any], **_: Any) -> None:
        params["body"] = b"no"

    kms.meta.events.register("before-call.kms.ListKeys", no_json)
    with pytest.raises(ClientError) as error:
        kms.list_keys()

    assert error.value.response["Error"]["Code"] == "SerializationException"
