"""Only keys that somebody has are let in, and each is who it says it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.support.aws_daemon import Aws, running
from tests.support.signer import Signer

STRANGER = {"AccessKeyId": "AKIAABCDEFGHIJKLMNOP", "SecretAccessKey": "x" * 40}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """One daemon for the file."""
    with running(tmp_path_factory.mktemp("aws")) as daemon:
        yield daemon


def error_of(call: Any, **arguments: Any) -> tuple[str, int]:
    """The code and status with which a call fails."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    response = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def me(aws: Aws) -> dict[str, str]:
    """The administrator's key."""
    identity = aws.identity
    return {"AccessKeyId": identity["aws_access_key_id"], "SecretAccessKey": identity["aws_secret_access_key"]}


@pytest.mark.parametrize(
    ("service", "action", "expected"),
    [
        ("s3", "list_buckets", ("InvalidAccessKeyId", 403)),
        ("iam", "list_users", ("InvalidClientTokenId", 403)),
        ("sts", "get_caller_identity", ("InvalidClientTokenId", 403)),
        ("sns", "list_topics", ("InvalidClientTokenId", 403)),
        ("kms", "list_keys", ("UnrecognizedClientException", 400)),
        ("ecr", "describe_repositories", ("UnrecognizedClientException", 400)),
        ("secretsmanager", "list_secrets", ("UnrecognizedClientException", 400)),
        ("ssm", "describe_parameters", ("UnrecognizedClientException", 400)),
        ("logs", "describe_log_groups", ("UnrecognizedClientException", 400)),
        ("events", "list_rules", ("UnrecognizedClientException", 400)),
    ],
)
def test_a_strangers_key_is_refused_in_the_services_protocol(
    aws: Aws, service: str, action: str, expected: tuple[str, int]
) -> None:
    """The code and status are those that AWS uses for that service."""
    assert error_of(getattr(aws.client(service, STRANGER), action)) == expected


def test_a_strangers_key_is_refused_by_cloudwatch(aws: Aws) -> None:
    """Whichever of its three protocols the SDK chose."""
    code, _ = error_of(aws.client("cloudwatch", STRANGER).describe_alarms)

    assert code in ("InvalidClientTokenId", "UnrecognizedClientException")


def test_the_local_user_is_a_user_of_the_account(aws: Aws) -> None:
    """GetCallerIdentity names the account that everything is in."""
    me = aws.client("sts").get_caller_identity()

    assert (me["Account"], me["Arn"]) == ("123456789012", "arn:aws:iam::123456789012:user/local-administrator")
    assert me["UserId"].startswith("AIDA")


def test_an_assumed_role_is_itself(aws: Aws) -> None:
    """Its temporary keys work and name the role and the session."""
    statement = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.client("iam").create_role(RoleName="backup", AssumeRolePolicyDocument=trust)

    answer = aws.client("sts").assume_role(
        RoleArn="arn:aws:iam::123456789012:role/backup", RoleSessionName="nightly", DurationSeconds=900
    )

    me = aws.client("sts", answer["Credentials"]).get_caller_identity()
    assert me["Arn"] == answer["AssumedRoleUser"]["Arn"]
    assert me["Arn"] == "arn:aws:sts::123456789012:assumed-role/backup/nightly"
    assert me["UserId"] == answer["AssumedRoleUser"]["AssumedRoleId"]


def test_a_role_that_does_not_exist_is_not_assumed(aws: Aws) -> None:
    """As AWS, it does not say why."""
    error = error_of(
        aws.client("sts").assume_role, RoleArn="arn:aws:iam::123456789012:role/none", RoleSessionName="any"
    )

    assert error == ("AccessDenied", 403)


def test_without_a_key_nothing_is_answered(aws: Aws) -> None:
    """Neither S3's anonymous reads nor moto's own pages."""
    anonymous = aws.client("s3", config=Config(signature_version=UNSIGNED))

    assert error_of(anonymous.list_buckets) == ("AccessDenied", 403)
    assert requests.post(f"{aws.url}/moto-api/reset", timeout=5).status_code == 405
    assert aws.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_a_presigned_address_works_until_its_time_is_over(aws: Aws) -> None:
    """It needs no header, and a stranger's is refused."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="signed-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket="signed-bucket", Key="a", Body=b"here")
    key = {"Bucket": "signed-bucket", "Key": "a"}

    good = requests.get(s3.generate_presigned_url("get_object", key, ExpiresIn=60), timeout=5)
    before = Signer(me(aws), moment=datetime.now(UTC) - timedelta(hours=2))
    late = requests.get(before.link("GET", f"{aws.url}/signed-bucket/a", expires=3600), timeout=5)
    stranger = aws.client("s3", STRANGER).generate_presigned_url("get_object", key, ExpiresIn=60)

    assert (good.status_code, good.content) == (200, b"here")
    assert (late.status_code, "Request has expired" in late.text) == (403, True)
    assert "<Code>InvalidAccessKeyId</Code>" in requests.get(stranger, timeout=5).text


@pytest.mark.parametrize(
    ("service", "action", "arguments"),
    [
        ("ec2", "describe_vpcs", {}),
        ("sts", "get_federation_token", {"Name": "any"}),
        ("ecr", "get_download_url_for_layer", {"repositoryName": "any", "layerDigest": "sha256:" + "0" * 64}),
    ],
)
def test_what_is_not_built_is_said_to_be(aws: Aws, service: str, action: str, arguments: dict[str, str]) -> None:
    """An unsupported service or action is a clear error, not an invented answer."""
    code, status = error_of(getattr(aws.client(service), action), **arguments)

    assert (code, status) == ("NotImplemented", 501)


def test_a_browser_may_ask_what_the_buckets_rules_allow(aws: Aws) -> None:
    """The preflight needs no key; an origin that no rule names gets nothing."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="cors-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    rule = {"AllowedOrigins": ["https://cams.example"], "AllowedMethods": ["PUT"], "AllowedHeaders": ["*"]}
    s3.put_bucket_cors(Bucket="cors-bucket", CORSConfiguration={"CORSRules": [rule]})

    def ask(origin: str) -> requests.Response:
        headers = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
        return requests.options(f"{aws.url}/cors-bucket/a", headers=headers, timeout=5)

    good, other = ask("https://cams.example"), ask("https://elsewhere.example")

    assert (good.status_code, good.headers["Access-Control-Allow-Origin"]) == (200, "https://cams.example")
    assert good.headers["Access-Control-Allow-Methods"] == "PUT"
    assert (other.status_code, other.headers.get("Access-Control-Allow-Origin")) == (403, None)
