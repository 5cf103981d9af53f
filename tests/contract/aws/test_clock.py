"""The local AWS lives in the local cloud's time, service by service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.support.aws_daemon import Aws, running

AHEAD = timedelta(days=400)
TRUST = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}'


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """A local AWS 400 days ahead of the machine."""
    with running(tmp_path_factory.mktemp("later")) as aws:
        aws.move_clock("+400d")
        yield aws


def _close_to(moment: datetime, expected: timedelta = AHEAD) -> bool:
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return abs(moment - datetime.now(UTC) - expected) < timedelta(minutes=5)


def test_s3(later: Aws) -> None:
    """A bucket, an object and an unfinished upload are of the cloud's time."""
    s3 = later.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="dated")
    s3.put_object(Bucket="dated", Key="one", Body=b"1")
    s3.create_multipart_upload(Bucket="dated", Key="two")

    [bucket] = s3.list_buckets()["Buckets"]

    assert _close_to(bucket["CreationDate"])
    assert _close_to(s3.head_object(Bucket="dated", Key="one")["LastModified"])


def test_identities_and_sessions(later: Aws) -> None:
    """A user, a role and a key are of the cloud's time; a session's end is told in the client's."""
    iam, sts = later.client("iam"), later.client("sts")
    user = iam.create_user(UserName="dated")["User"]
    key = iam.create_access_key(UserName="dated")["AccessKey"]
    role = iam.create_role(RoleName="dated", AssumeRolePolicyDocument=TRUST)["Role"]
    session = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="dated", DurationSeconds=3600)["Credentials"]

    assert all(_close_to(each["CreateDate"]) for each in (user, key, role))
    assert _close_to(session["Expiration"], timedelta(hours=1))


def test_keys_and_secrets(later: Aws) -> None:
    """A key and a secret are made, and on their way out, by the cloud's time."""
    kms, vault = later.client("kms"), later.client("secretsmanager")
    key = kms.create_key()["KeyMetadata"]
    vault.create_secret(Name="dated", SecretString="1")
    secret = vault.describe_secret(SecretId="dated")

    leaves = kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)["DeletionDate"]
    gone = vault.delete_secret(SecretId="dated", RecoveryWindowInDays=7)["DeletionDate"]

    assert _close_to(key["CreationDate"])
    assert _close_to(secret["CreatedDate"])
    assert _close_to(leaves, AHEAD + timedelta(days=7))
    assert _close_to(gone, AHEAD + timedelta(days=7))


def test_parameters_repositories_and_alarms(later: Aws) -> None:
    """A parameter, a repository, the registry's password, an alarm and a dashboard are of the cloud's time."""
    ssm, ecr, cloudwatch = later.client("ssm"), later.client("ecr"), later.client("cloudwatch")
    ssm.put_parameter(Name="dated", Value="1", Type="String")
    repository = ecr.create_repository(repositoryName="dated")["repository"]
    token: dict[str, Any] = ecr.get_authorization_token()["authorizationData"][0]
    cloudwatch.put_dashboard(DashboardName="dated", DashboardBody='{"widgets": []}')
    [dashboard] = cloudwatch.list_dashboards()["DashboardEntries"]

    assert _close_to(ssm.get_parameter(Name="dated")["Parameter"]["LastModifiedDate"])
    assert _close_to(repository["createdAt"])
    assert _close_to(token["expiresAt"], AHEAD + timedelta(hours=12))
    assert _close_to(dashboard["LastModified"])


def test_the_header_date_stays_the_machines(later: Aws) -> None:
    """Clients measure by it how wrong their own clock is, and would sign for a time that nobody accepts."""
    answer = requests.get(f"{later.url}/", timeout=10)

    said = answer.headers["date"]
    assert _close_to(datetime.strptime(said, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC), timedelta())


def test_the_clock_outlives_a_restart_and_goes_back_when_told(later: Aws) -> None:
    """After a restart it is the same time; `reset` is seen at once."""
    iam = later.client("iam")
    assert later.terminate() == 0
    later.start()
    iam = later.client("iam")
    assert _close_to(iam.create_user(UserName="restarted")["User"]["CreateDate"])

    later.move_clock("reset")

    assert _close_to(iam.create_user(UserName="reset")["User"]["CreateDate"], timedelta())
