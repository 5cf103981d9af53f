"""What a bucket is told of itself is kept as it was put, and has its effect on what S3 answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from tests.support.aws_daemon import Aws, refused

PLACE = {"LocationConstraint": "eu-central-1"}
LIFECYCLE: list[dict[str, Any]] = [
    {"ID": "all", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 400}},
    {"ID": "old", "Status": "Enabled", "Prefix": "", "Expiration": {"Date": datetime(2031, 1, 1, tzinfo=UTC)}},
    {"ID": "empty", "Status": "Disabled", "Filter": {}, "Expiration": {"ExpiredObjectDeleteMarker": True}},
    {
        "ID": "both",
        "Status": "Enabled",
        "Filter": {
            "And": {
                "Prefix": "d/",
                "Tags": [{"Key": "k", "Value": "v"}],
                "ObjectSizeGreaterThan": 0,
                "ObjectSizeLessThan": 9,
            }
        },
        "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}],
        "NoncurrentVersionTransitions": [
            {"NoncurrentDays": 30, "StorageClass": "GLACIER", "NewerNoncurrentVersions": 2}
        ],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 60, "NewerNoncurrentVersions": 3},
    },
    {
        "ID": "tagged",
        "Status": "Enabled",
        "Filter": {"Tag": {"Key": "kind", "Value": "daily"}},
        "Expiration": {"Days": 1},
    },
    {
        "ID": "parts",
        "Status": "Enabled",
        "Filter": {"Prefix": "up/"},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    },
]


@pytest.fixture(scope="module")
def s3(aws: Aws) -> Any:
    """The administrator's client."""
    return aws.client("s3")


def new(s3: Any, name: str) -> str:
    """A new bucket."""
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=PLACE)
    return name


def test_a_lifecycle_comes_back_as_it_was_put(s3: Any) -> None:
    """Each rule, an empty prefix too."""
    bucket = new(s3, "lifecycle-kept")

    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": LIFECYCLE})

    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == LIFECYCLE


def test_a_rule_without_an_id_is_given_one(s3: Any) -> None:
    """Two such rules get two."""
    bucket = new(s3, "lifecycle-named")
    rule = {"Status": "Enabled", "Filter": {"Prefix": "a"}, "Expiration": {"Days": 1}}

    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule, rule]})

    ids = {each["ID"] for each in s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]}
    assert len(ids) == 2
    assert all(len(each) == 48 for each in ids)


def test_an_object_says_when_it_expires_and_by_which_rule(s3: Any) -> None:
    """At the midnight after its days; by the earliest of the rules that cover it; by its tags."""
    bucket = new(s3, "lifecycle-said")
    rules = [LIFECYCLE[0], LIFECYCLE[4]]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})

    put = s3.put_object(Bucket=bucket, Key="a")
    s3.put_object(Bucket=bucket, Key="b", Tagging="kind=daily")
    tagged = s3.head_object(Bucket=bucket, Key="b")

    when = parsedate_to_datetime(put["Expiration"].split('"')[1])
    assert timedelta(days=400) < when - datetime.now(UTC) <= timedelta(days=401)
    assert put["Expiration"].endswith(' 00:00:00 GMT", rule-id="all"')
    assert s3.get_object(Bucket=bucket, Key="a")["Expiration"] == put["Expiration"]
    assert tagged["Expiration"].endswith('rule-id="tagged"')


@pytest.mark.parametrize(
    ("noun", "member", "document"),
    [
        (
            "website",
            "WebsiteConfiguration",
            {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}},
        ),
        ("request_payment", "RequestPaymentConfiguration", {"Payer": "Requester"}),
        ("accelerate_configuration", "AccelerateConfiguration", {"Status": "Enabled"}),
    ],
)
def test_a_configuration_comes_back_as_it_was_put(s3: Any, noun: str, member: str, document: dict[str, Any]) -> None:
    """Whatever it says."""
    bucket = new(s3, f"kept-{noun.replace('_', '-')}")

    getattr(s3, f"put_bucket_{noun}")(Bucket=bucket, **{member: document})

    found = getattr(s3, f"get_bucket_{noun}")(Bucket=bucket)
    assert {name: found[name] for name in document} == document


def test_configurations_with_a_name_are_kept_apart(s3: Any) -> None:
    """Put, listed, deleted; and none is none."""
    bucket = new(s3, "kept-metrics")
    for name in ("b", "a"):
        s3.put_bucket_metrics_configuration(
            Bucket=bucket, Id=name, MetricsConfiguration={"Id": name, "Filter": {"Prefix": name}}
        )

    listed = s3.list_bucket_metrics_configurations(Bucket=bucket)
    s3.delete_bucket_metrics_configuration(Bucket=bucket, Id="a")

    assert [each["Id"] for each in listed["MetricsConfigurationList"]] == ["a", "b"]
    assert s3.get_bucket_metrics_configuration(Bucket=bucket, Id="b")["MetricsConfiguration"]["Filter"] == {
        "Prefix": "b"
    }
    refused("NoSuchConfiguration", s3.get_bucket_metrics_configuration, Bucket=bucket, Id="a")


RULES = [
    {"AllowedMethods": ["PUT"], "AllowedOrigins": ["https://*.exams.example"], "AllowedHeaders": ["content-*"]},
    {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 300},
]


@pytest.fixture(scope="module")
def shared(s3: Any) -> str:
    """A bucket with RULES."""
    bucket = new(s3, "shared-across-origins")
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": RULES})
    return bucket


@pytest.mark.parametrize(
    ("origin", "method", "headers", "status"),
    [
        ("https://a.exams.example", "PUT", "", 200),
        ("https://a.exams.example", "PUT", "Content-Type, content-md5", 200),
        ("https://a.exams.example", "PUT", "x-other", 403),
        ("https://a.exams.example", "DELETE", "", 403),
        ("https://exams.example", "PUT", "", 403),
        ("https://anybody.example", "GET", "", 200),
        ("https://anybody.example", "PUT", "", 403),
        ("https://anybody.example", "JUMP", "", 400),
        ("", "GET", "", 400),
    ],
)
def test_a_browser_is_told_what_it_may(
    aws: Aws, shared: str, origin: str, method: str, headers: str, status: int
) -> None:
    """A preflight is allowed by the first rule that covers all of it, or refused."""
    asked = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    answer = requests.options(
        f"{aws.url}/{shared}/a", headers={name: value for name, value in asked.items() if value}, timeout=5
    )

    assert answer.status_code == status
    assert ("access-control-allow-origin" in answer.headers) == (status == 200)


def test_the_answer_to_a_browser_is_that_of_the_first_rule(aws: Aws, s3: Any, shared: str) -> None:
    """With the origin itself where the rule has no bare wildcard; errors are told to it too."""
    preflight = requests.options(
        f"{aws.url}/{shared}/a",
        headers={
            "Origin": "https://a.exams.example",
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "Content-Type",
        },
        timeout=5,
    )
    url = s3.generate_presigned_url("get_object", Params={"Bucket": shared, "Key": "missing"})
    missing = requests.get(url, headers={"Origin": "https://b.example"}, timeout=5)

    said = {name: value for name, value in preflight.headers.items() if name.lower().startswith("access-control")}
    assert said == {
        "Access-Control-Allow-Origin": "https://a.exams.example",
        "Access-Control-Allow-Methods": "PUT",
        "Access-Control-Allow-Headers": "content-type",
        "Access-Control-Allow-Credentials": "true",
    }
    assert preflight.headers["Vary"] == "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
    assert (missing.status_code, missing.headers["Access-Control-Allow-Origin"]) == (404, "*")
    assert missing.headers["Access-Control-Expose-Headers"] == "ETag"
    assert "Access-Control-Allow-Origin" not in requests.get(url, timeout=5).headers
