"""Secrets Manager: a secret, its versions, and its end."""

from __future__ import annotations

from tests.support.aws_daemon import Aws, refused

TAGS = [{"Key": "environment", "Value": "staging"}]


def test_a_secret_and_its_versions(aws: Aws) -> None:
    """A secret keeps its key, tags and versions; a new version moves the old one to AWSPREVIOUS."""
    secrets = aws.client("secretsmanager")
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]

    made = secrets.create_secret(Name="cams/one", Description="first", KmsKeyId=key, Tags=TAGS)

    refused("ResourceNotFoundException", secrets.get_secret_value, SecretId="cams/one")
    described = secrets.describe_secret(SecretId=made["ARN"])
    assert (described["Name"], described["Description"], described["KmsKeyId"]) == ("cams/one", "first", key)
    assert described["Tags"] == TAGS
    assert described["ARN"].startswith("arn:aws:secretsmanager:eu-central-1:123456789012:secret:cams/one-")

    first = secrets.put_secret_value(SecretId=made["ARN"], SecretString="one")
    second = secrets.put_secret_value(SecretId=made["ARN"], SecretString="two")

    assert secrets.get_secret_value(SecretId="cams/one")["SecretString"] == "two"
    previous = secrets.get_secret_value(SecretId="cams/one", VersionStage="AWSPREVIOUS")
    assert (previous["SecretString"], previous["VersionId"]) == ("one", first["VersionId"])
    stages = secrets.describe_secret(SecretId=made["ARN"])["VersionIdsToStages"]
    assert stages == {first["VersionId"]: ["AWSPREVIOUS"], second["VersionId"]: ["AWSCURRENT"]}

    secrets.update_secret(SecretId=made["ARN"], Description="changed")
    secrets.tag_resource(SecretId=made["ARN"], Tags=[{"Key": "more", "Value": "1"}])
    secrets.untag_resource(SecretId=made["ARN"], TagKeys=["environment"])

    changed = secrets.describe_secret(SecretId=made["ARN"])
    assert (changed["Description"], changed["Tags"]) == ("changed", [{"Key": "more", "Value": "1"}])
    assert changed["KmsKeyId"] == key
    assert secrets.get_secret_value(SecretId="cams/one")["SecretString"] == "two"

    secrets.delete_secret(SecretId=made["ARN"], RecoveryWindowInDays=7)
    assert "DeletedDate" in secrets.describe_secret(SecretId=made["ARN"])
    secrets.restore_secret(SecretId=made["ARN"])
    secrets.delete_secret(SecretId=made["ARN"], ForceDeleteWithoutRecovery=True)

    refused("ResourceNotFoundException", secrets.describe_secret, SecretId=made["ARN"])


def test_a_secret_on_its_way_out_is_neither_read_nor_written(aws: Aws) -> None:
    """Its name is taken until it is restored, with the value that it had."""
    secrets = aws.client("secretsmanager")
    secrets.create_secret(Name="cams/out", SecretString="one")
    secrets.delete_secret(SecretId="cams/out", RecoveryWindowInDays=7)

    refused("InvalidRequestException", secrets.get_secret_value, SecretId="cams/out")
    refused("InvalidRequestException", secrets.put_secret_value, SecretId="cams/out", SecretString="two")
    refused("InvalidRequestException", secrets.create_secret, Name="cams/out", SecretString="two")

    secrets.restore_secret(SecretId="cams/out")
    assert secrets.get_secret_value(SecretId="cams/out")["SecretString"] == "one"


def test_a_secret_is_no_longer_than_aws_keeps(aws: Aws) -> None:
    """65,536 bytes, not letters."""
    secrets, longest = aws.client("secretsmanager"), "ü" * 32_768
    secrets.create_secret(Name="cams/long", SecretString=longest)

    refused("ValidationException", secrets.put_secret_value, SecretId="cams/long", SecretString=longest + "x")
    refused("ValidationException", secrets.create_secret, Name="cams/longer", SecretString=longest + "x")
    assert secrets.get_secret_value(SecretId="cams/long")["SecretString"] == longest
