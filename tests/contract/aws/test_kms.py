"""KMS: a key and its alias."""

from __future__ import annotations

import json

from tests.support.aws_daemon import Aws, refused


def test_a_kms_key_and_its_alias(aws: Aws) -> None:
    """A key keeps its policy, rotation, tags and alias, and is deleted after a delay."""
    kms = aws.client("kms")
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "root",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }

    key = kms.create_key(
        Description="staging",
        Policy=json.dumps(policy),
        Tags=[{"TagKey": "environment", "TagValue": "staging"}],
    )["KeyMetadata"]
    kms.enable_key_rotation(KeyId=key["KeyId"], RotationPeriodInDays=365)
    kms.create_alias(AliasName="alias/one", TargetKeyId=key["KeyId"])

    assert key["Arn"] == f"arn:aws:kms:eu-central-1:123456789012:key/{key['KeyId']}"
    assert (key["KeyState"], key["KeyUsage"], key["KeySpec"]) == ("Enabled", "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT")
    assert (key["Description"], key["MultiRegion"], key["KeyManager"]) == ("staging", False, "CUSTOMER")
    assert kms.describe_key(KeyId="alias/one")["KeyMetadata"]["KeyId"] == key["KeyId"]
    assert json.loads(kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]) == policy
    rotation = kms.get_key_rotation_status(KeyId=key["KeyId"])
    assert (rotation["KeyRotationEnabled"], rotation["RotationPeriodInDays"]) == (True, 365)
    assert kms.list_resource_tags(KeyId=key["KeyId"])["Tags"] == [{"TagKey": "environment", "TagValue": "staging"}]
    [alias] = kms.list_aliases(KeyId=key["KeyId"])["Aliases"]
    assert (alias["AliasName"], alias["TargetKeyId"]) == ("alias/one", key["KeyId"])
    assert alias["AliasArn"] == "arn:aws:kms:eu-central-1:123456789012:alias/one"

    kms.update_key_description(KeyId=key["KeyId"], Description="changed")
    kms.tag_resource(KeyId=key["KeyId"], Tags=[{"TagKey": "more", "TagValue": "1"}])
    kms.untag_resource(KeyId=key["KeyId"], TagKeys=["environment"])
    kms.delete_alias(AliasName="alias/one")
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)

    after = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert (after["Description"], after["KeyState"]) == ("changed", "PendingDeletion")
    assert kms.list_resource_tags(KeyId=key["KeyId"])["Tags"] == [{"TagKey": "more", "TagValue": "1"}]
    assert kms.list_aliases(KeyId=key["KeyId"])["Aliases"] == []
    refused("KMSInvalidStateException", kms.encrypt, KeyId=key["KeyId"], Plaintext=b"x")
