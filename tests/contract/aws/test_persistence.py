"""What was created is there after the daemon was ended, by request or by `kill -9`."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.support.aws_daemon import Aws, running
from tests.support.policies import policy, trusts
from tests.support.unheard import unheard
from tests.support.waiting import eventually


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[Aws]:
    """A daemon for each test: it is ended here."""
    with running(tmp_path) as daemon:
        yield daemon


def without_metadata(answer: dict[str, Any]) -> str:
    """An answer as one comparable text."""
    told = {name: value for name, value in answer.items() if name not in ("ResponseMetadata", "Body")}
    return json.dumps(told, default=str, sort_keys=True)


def reads(aws: Aws, key_id: str, topic: str) -> dict[str, str]:
    """One answer of every service."""
    s3, ecr, iam, kms = (aws.client(service) for service in ("s3", "ecr", "iam", "kms"))
    alarms = aws.client("cloudwatch").describe_alarms(AlarmNames=["no-backup"])
    answers = {
        "object": s3.get_object(Bucket="kept-bucket", Key="a"),
        "versions": s3.list_object_versions(Bucket="kept-bucket"),
        "lifecycle": s3.get_bucket_lifecycle_configuration(Bucket="kept-bucket"),
        "repository": ecr.describe_repositories(),
        "role": iam.get_role(RoleName="deploy"),
        "user": iam.get_user(UserName="pull"),
        "keys": iam.list_access_keys(UserName="pull"),
        "key": kms.describe_key(KeyId=key_id),
        "aliases": kms.list_aliases(KeyId=key_id),
        "secret": aws.client("secretsmanager").get_secret_value(SecretId="one"),
        "history": aws.client("ssm").get_parameter_history(Name="/one", WithDecryption=True),
        "tags": aws.client("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId="/one"),
        "alarm": alarms,
        "topic": aws.client("sns").get_topic_attributes(TopicArn=topic),
        "group": aws.client("logs").describe_log_groups(),
        "rule": aws.client("events").describe_rule(Name="nightly"),
    }
    for answer in (answers["role"]["Role"], answers["user"]["User"]):
        answer.pop("RoleLastUsed", None)
    return {name: without_metadata(answer) for name, answer in answers.items()}


@pytest.mark.parametrize("ending", ["kill", "terminate"])
def test_everything_is_there_after_a_restart(aws: Aws, ending: str) -> None:
    """Ids, ARNs, versions, contents and key material are those from before."""
    s3, kms, iam = aws.client("s3"), aws.client("kms"), aws.client("iam")
    s3.create_bucket(Bucket="kept-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_bucket_versioning(Bucket="kept-bucket", VersioningConfiguration={"Status": "Enabled"})
    expire = {"ID": "x", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 3}}
    s3.put_bucket_lifecycle_configuration(Bucket="kept-bucket", LifecycleConfiguration={"Rules": [expire]})
    first = s3.put_object(Bucket="kept-bucket", Key="a", Body=b"one", Metadata={"made": "by hand"})["VersionId"]
    s3.put_object(Bucket="kept-bucket", Key="a", Body=b"two")
    aws.client("ecr").create_repository(repositoryName="cams", imageTagMutability="IMMUTABLE")
    arn = iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=policy(trusts()))["Role"]["Arn"]
    iam.create_user(UserName="pull")
    pull = iam.create_access_key(UserName="pull")["AccessKey"]
    role = aws.client("sts").assume_role(RoleArn=arn, RoleSessionName="before")["Credentials"]
    key_id = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/one", TargetKeyId=key_id)
    sealed = kms.encrypt(KeyId=key_id, Plaintext=b"hidden", EncryptionContext={"for": "test"})["CiphertextBlob"]
    signing = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    signature = kms.sign(KeyId=signing, Message=b"said", SigningAlgorithm="ECDSA_SHA_256")["Signature"]
    aws.client("secretsmanager").create_secret(Name="one", SecretString="hidden")
    aws.client("ssm").put_parameter(
        Name="/one", Value="hidden", Type="SecureString", Tags=[{"Key": "a", "Value": "b"}]
    )
    topic = aws.client("sns").create_topic(Name="alarms")["TopicArn"]
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName="no-backup", Namespace="n", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="LessThanThreshold", AlarmActions=[topic],
    )  # fmt: skip
    aws.client("logs").create_log_group(logGroupName="group")
    aws.client("events").put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    before = reads(aws, key_id, topic)

    if ending == "kill":
        aws.saved()
        aws.kill()
    else:
        assert aws.terminate() == 0
    aws.start()

    assert reads(aws, key_id, topic) == before
    assert s3.get_object(Bucket="kept-bucket", Key="a")["Body"].read() == b"two"
    assert s3.get_object(Bucket="kept-bucket", Key="a", VersionId=first)["Body"].read() == b"one"
    assert s3.head_object(Bucket="kept-bucket", Key="a", VersionId=first)["Metadata"] == {"made": "by hand"}
    assert kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"for": "test"})["Plaintext"] == b"hidden"
    assert kms.verify(KeyId=signing, Message=b"said", Signature=signature, SigningAlgorithm="ECDSA_SHA_256")[
        "SignatureValid"
    ]
    assert aws.client("sts", pull).get_caller_identity()["Arn"] == "arn:aws:iam::123456789012:user/pull"
    arn = aws.client("sts", role).get_caller_identity()["Arn"]
    assert arn == "arn:aws:sts::123456789012:assumed-role/deploy/before"
    with pytest.raises(ClientError) as error:
        s3.create_bucket(Bucket="kept-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    assert error.value.response["Error"]["Code"] == "BucketAlreadyOwnedByYou"


def test_what_was_deleted_stays_deleted_and_its_bytes_go(aws: Aws) -> None:
    """A deleted object's body is off the disk after the next start; the body of another is not."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="kept-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket="kept-bucket", Key="stays", Body=b"s" * 1000)
    s3.put_object(Bucket="kept-bucket", Key="goes", Body=b"g" * 1000)
    s3.delete_object(Bucket="kept-bucket", Key="goes")

    aws.terminate()
    aws.start()

    assert [each["Key"] for each in s3.list_objects_v2(Bucket="kept-bucket")["Contents"]] == ["stays"]
    bodies = [path.read_bytes() for path in (aws.root / ".local/aws/objects").rglob("*") if path.is_file()]
    assert bodies == [b"s" * 1000]


def test_an_upload_in_parts_goes_on_after_a_restart(aws: Aws) -> None:
    """The parts that were sent before are part of the object."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="kept-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    upload = {"Bucket": "kept-bucket", "Key": "large"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    one, two = b"1" * (5 << 20), b"2" * 10

    first = s3.upload_part(**upload, PartNumber=1, Body=one)["ETag"]
    aws.saved()
    aws.kill()
    aws.start()
    second = s3.upload_part(**upload, PartNumber=2, Body=two)["ETag"]
    parts = [{"PartNumber": 1, "ETag": first}, {"PartNumber": 2, "ETag": second}]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})

    assert s3.get_object(Bucket="kept-bucket", Key="large")["Body"].read() == one + two


def test_a_session_that_nothing_followed_is_there_after_a_kill(aws: Aws) -> None:
    """The call that makes it has the name of one that only reads."""
    aws.saved()
    keys = aws.client("sts").get_session_token()["Credentials"]

    aws.saved()
    aws.kill()
    aws.start()

    arn = aws.client("sts", keys).get_caller_identity()["Arn"]
    assert arn == "arn:aws:iam::123456789012:user/local-administrator"


def test_what_cannot_be_saved_is_refused_until_it_can(aws: Aws) -> None:
    """With no room for its state the daemon says so, changes nothing more, and goes on by itself afterwards."""
    ssm, folder = aws.client("ssm"), aws.root / ".local/aws/state"
    ssm.put_parameter(Name="/before", Value="x", Type="String")
    folder.rename(folder.with_name("away"))
    folder.write_text("in the way: stands for a full disk, also for root")

    ssm.put_parameter(Name="/late", Value="x", Type="String")
    eventually(lambda: requests.get(f"{aws.url}/_local/health", timeout=5).status_code == 503)

    with pytest.raises(ClientError, match="cannot save the local cloud's state: ") as error:
        ssm.put_parameter(Name="/refused", Value="x", Type="String")
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert ssm.get_parameter(Name="/before")["Parameter"]["Value"] == "x"
    folder.unlink()
    folder.with_name("away").rename(folder)
    eventually(lambda: requests.get(f"{aws.url}/_local/health", timeout=5).status_code == 200)
    ssm.put_parameter(Name="/after", Value="x", Type="String")
    aws.saved()
    aws.kill()
    aws.start()
    found = [each["Name"] for each in ssm.describe_parameters()["Parameters"]]
    assert found == ["/before", "/late", "/after"]


def test_a_signal_that_comes_when_the_daemon_does_not_look_ends_it_with_everything_saved(aws: Aws) -> None:
    """Else it would be killed after a while, without what was changed last."""
    assert aws.process
    ssm = aws.client("ssm")
    ssm.put_parameter(Name="/last", Value="x", Type="String")

    unheard(aws.process.pid, signal.SIGTERM)

    assert aws.process.wait(10) == 0
    aws.start()
    assert ssm.get_parameter(Name="/last")["Parameter"]["Value"] == "x"


def test_many_clients_at_once_lose_nothing(aws: Aws) -> None:
    """Eight clients that write and read while the state is saved get no error, and all is there after a kill."""

    def work(number: int) -> None:
        s3, ssm = aws.client("s3"), aws.client("ssm")
        for turn in range(10):
            s3.put_object(Bucket="busy-bucket", Key=f"{number}/{turn}", Body=b"x" * turn)
            ssm.put_parameter(Name=f"/{number}/{turn}", Value=str(turn), Type="String")
            s3.list_objects_v2(Bucket="busy-bucket")

    region = {"LocationConstraint": "eu-central-1"}
    aws.client("s3").create_bucket(Bucket="busy-bucket", CreateBucketConfiguration=region)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    aws.saved()
    aws.kill()
    aws.start()

    assert aws.client("s3").list_objects_v2(Bucket="busy-bucket")["KeyCount"] == 80
    pages = aws.client("ssm").get_paginator("describe_parameters").paginate()
    assert sum(len(page["Parameters"]) for page in pages) == 80


def test_a_second_daemon_does_not_touch_the_first_ones_state(aws: Aws) -> None:
    """The port is taken: it ends with an error that says so."""
    code = aws.spawn().wait(20)

    assert code == 1
    assert f"cannot start aws: port {aws.port('aws')} on 127.0.0.1 is taken" in aws.log()
    assert aws.client("sts").get_caller_identity()["Account"] == "123456789012"
