"""A bucket answers in its own region: who calls another is told where to go, and goes there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.support.aws_daemon import Aws

BUCKET = "at-home-in-frankfurt"


@pytest.fixture(scope="module")
def bucket(aws: Aws) -> Iterator[str]:
    """A bucket in eu-central-1 with an object that a page of another origin may read."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"here")
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://exams.example"]}
    s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": [rule]})
    yield BUCKET
    s3.delete_object(Bucket=BUCKET, Key="k")
    s3.delete_bucket(Bucket=BUCKET)


def signed(aws: Aws, region: str, path: str, method: str = "GET", by: Any = S3SigV4Auth) -> requests.Response:
    """A request signed for a region."""
    me = aws.identity
    request = AWSRequest(method, f"{aws.url}{path}")
    keys = Credentials(me["aws_access_key_id"], me["aws_secret_access_key"])
    by(keys, "s3", region).add_auth(request)
    made = request.prepare()
    return requests.request(method, made.url, headers=dict(made.headers), timeout=20, allow_redirects=False)


@pytest.mark.parametrize(
    ("region", "by", "status", "said"),
    [
        (
            "us-east-1",
            S3SigV4Auth,
            400,
            "the region 'us-east-1' is wrong; expecting 'eu-central-1'</Message><Region>eu-central-1</Region>",
        ),
        ("us-east-1", S3SigV4QueryAuth, 400, "<Code>AuthorizationQueryParametersError</Code>"),
        ("us-west-2", S3SigV4Auth, 301, "<Code>PermanentRedirect</Code>"),
    ],
)
def test_a_call_for_another_region_is_told_the_right_one(
    aws: Aws, bucket: str, region: str, by: Any, status: int, said: str
) -> None:
    """In words and in a header, whatever the method; the address to go on with is on this machine."""
    answer = signed(aws, region, f"/{bucket}/k", by=by)
    head = signed(aws, region, f"/{bucket}/k", "HEAD", by)

    assert (answer.status_code, head.status_code) == (status, status)
    assert said in answer.text
    assert answer.headers["x-amz-bucket-region"] == head.headers["x-amz-bucket-region"] == "eu-central-1"
    assert ("<Endpoint>" in answer.text) == (status == 301)
    assert "amazonaws.com" not in answer.text


@pytest.mark.parametrize("region", ["us-east-1", "us-west-2"])
def test_a_client_finds_the_region_by_itself(aws: Aws, bucket: str, region: str) -> None:
    """As SDKs do, from what they are told."""
    s3 = aws.client("s3", region_name=region, config=None)

    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"here"


def test_where_a_bucket_is_can_be_asked_anywhere(aws: Aws, bucket: str) -> None:
    """It is how clients find out."""
    assert signed(aws, "us-west-2", f"/{bucket}?location").status_code == 200
    assert bucket in signed(aws, "us-west-2", "/").text


@pytest.mark.parametrize(
    ("path", "code"),
    [("/k", "AccessDenied"), ("/k?X-Amz-Algorithm=AWS4-HMAC-SHA256", "AuthorizationQueryParametersError")],
)
def test_a_page_of_an_allowed_origin_may_read_a_refusal(aws: Aws, bucket: str, path: str, code: str) -> None:
    """Else its script would see a network error in place of S3's reason."""
    mine, other = (
        requests.get(f"{aws.url}/{bucket}{path}", headers={"Origin": origin}, timeout=20)
        for origin in ("https://exams.example", "https://elsewhere.example")
    )

    assert f"<Code>{code}</Code>" in mine.text
    assert mine.headers["access-control-allow-origin"] == "https://exams.example"
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize(("path", "signed_by"), [("/k", False), ("/gone", True), ("-not/there", True)])
def test_an_error_names_its_request(aws: Aws, bucket: str, path: str, *, signed_by: bool) -> None:
    """By the id that is in the answer's head, whoever refused: the gate, the objects, the bucket."""
    where = f"/{bucket}{path}"
    answer = signed(aws, "eu-central-1", where) if signed_by else requests.get(f"{aws.url}{where}", timeout=20)

    assert f"<RequestId>{answer.headers['x-amz-request-id']}</RequestId>" in answer.text
    assert answer.headers["x-amz-id-2"]
