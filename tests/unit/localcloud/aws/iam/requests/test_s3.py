"""The condition keys that S3's calls have, and the keys and grants that come into it; moto's things stand by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends

from localcloud.aws import services
from localcloud.aws.caller import ANONYMOUS, Caller
from localcloud.aws.replies import AwsError
from tests.support.asking import ACCOUNT, REGION, asked, pairs

BUCKET = "asked-of"


@pytest.fixture
def bucket() -> Iterator[Any]:
    """A bucket of moto's, without objects."""
    services.prepare("s3")
    backend: Any = s3_backends[ACCOUNT]["aws"]
    yield backend.create_bucket(BUCKET, REGION)
    backend.buckets.pop(BUCKET)
    s3_backends.bucket_accounts.pop(BUCKET)


@pytest.fixture
def key() -> Iterator[Any]:
    """A key of moto's."""
    backend: Any = kms_backends[ACCOUNT][REGION]
    made = backend.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "", {}, False)
    yield made
    backend.keys.pop(made.id)


def test_a_bucket_that_is_not_there_is_missing_to_everybody() -> None:
    """Nothing that cannot be found is let through unasked."""
    with pytest.raises(AwsError, match="The specified bucket does not exist"):
        asked("s3", "get_object", ANONYMOUS, Bucket="nobodys", Key="k")


@pytest.mark.usefixtures("bucket")
def test_what_a_list_says() -> None:
    """Prefix, delimiter and the number of keys, as they are written in the request."""
    [ask] = asked("s3", "list_objects_v2", Bucket=BUCKET, Prefix="daily/", Delimiter="/", MaxKeys=5)

    assert (ask.action, ask.resource) == ("s3:ListBucket", f"arn:aws:s3:::{BUCKET}")
    said = {name: ask.context[name] for name in ("s3:prefix", "s3:delimiter", "s3:max-keys")}
    assert said == {"s3:prefix": "daily/", "s3:delimiter": "/", "s3:max-keys": "5"}


@pytest.mark.usefixtures("bucket")
def test_what_a_put_says() -> None:
    """Each header that a policy may ask for is a key, and one that is not sent is none."""
    ask, *_ = asked(
        "s3",
        "put_object",
        Bucket=BUCKET,
        Key="k",
        Body=b"x",
        StorageClass="STANDARD_IA",
        IfNoneMatch="*",
        Tagging="class=daily",
        ObjectLockMode="GOVERNANCE",
        ObjectLockRetainUntilDate=datetime.now(UTC) + timedelta(days=30),
    )

    assert ask.context["s3:if-none-match"] == "*"
    assert ask.context["s3:x-amz-storage-class"] == "STANDARD_IA"
    assert ask.context["s3:RequestObjectTag/class"] == "daily"
    assert ask.context["s3:RequestObjectTagKeys"] == ["class"]
    assert ask.context["s3:object-lock-mode"] == "GOVERNANCE"
    assert ask.context["s3:object-lock-remaining-retention-days"] == "30"
    assert ask.context["s3:signatureversion"] == "AWS4-HMAC-SHA256"
    assert ask.context["s3:authType"] == "REST-HEADER"
    assert ask.context["s3:TlsVersion"] == "1.3"
    assert ask.context["s3:ResourceAccount"] == ACCOUNT
    assert "s3:x-amz-server-side-encryption" not in ask.context
    assert "s3:x-amz-acl" not in ask.context


@pytest.mark.usefixtures("bucket")
def test_what_a_body_says() -> None:
    """Tags, retention and legal hold count wherever they come from."""
    until = datetime.now(UTC) + timedelta(days=3)
    tags, retention, hold = (
        asked("s3", operation, Bucket=BUCKET, Key="k", **said)[0].context
        for operation, said in (
            ("put_object_tagging", {"Tagging": {"TagSet": [{"Key": "class", "Value": "daily"}]}}),
            ("put_object_retention", {"Retention": {"Mode": "COMPLIANCE", "RetainUntilDate": until}}),
            ("put_object_legal_hold", {"LegalHold": {"Status": "ON"}}),
        )
    )

    assert tags["s3:RequestObjectTag/class"] == "daily"
    assert retention["s3:object-lock-mode"] == "COMPLIANCE"
    assert retention["s3:object-lock-remaining-retention-days"] == "3"
    assert hold["s3:object-lock-legal-hold"] == "ON"


@pytest.mark.usefixtures("bucket")
def test_the_names_of_keys() -> None:
    """A key is what follows the bucket, with its slashes, spaces and letters of any alphabet."""
    found = pairs(asked("s3", "put_object", Bucket=BUCKET, Key="a//b c/ü+%", Body=b"x"))

    assert found == [("s3:PutObject", f"arn:aws:s3:::{BUCKET}/a//b c/ü+%")]


@pytest.mark.usefixtures("bucket")
def test_the_key_that_an_object_is_sealed_with(key: Any) -> None:
    """It is asked for in the caller's name, through S3, for that object."""
    _, ask = asked(
        "s3", "put_object", Bucket=BUCKET, Key="k", ServerSideEncryption="aws:kms", SSEKMSKeyId=key.id, Body=b"x"
    )

    assert (ask.action, ask.resource) == ("kms:GenerateDataKey", key.arn)
    assert ask.resource_policy is not None
    assert ask.resource_policy.gate
    assert ask.context["kms:ViaService"] == f"s3.{REGION}.amazonaws.com"
    assert ask.context["kms:EncryptionContext:aws:s3:arn"] == f"arn:aws:s3:::{BUCKET}/k"
    assert ask.context["kms:CallerAccount"] == ACCOUNT


def test_the_key_of_the_bucket(bucket: Any, key: Any) -> None:
    """Without headers it is the bucket's own; with a bucket key it is asked for the bucket."""
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key.arn}
    bucket.settings["encryption"] = {
        "Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
    }

    _, ask = asked("s3", "put_object", Bucket=BUCKET, Key="k", Body=b"x")
    plain = asked("s3", "put_object", Bucket=BUCKET, Key="k", Body=b"x", ServerSideEncryption="AES256")

    assert ask.context["kms:EncryptionContext:aws:s3:arn"] == f"arn:aws:s3:::{BUCKET}"
    assert pairs(plain) == [("s3:PutObject", f"arn:aws:s3:::{BUCKET}/k")]


@pytest.mark.usefixtures("bucket")
def test_who_does_not_sign_uses_no_key(key: Any) -> None:
    """S3 says that KMS wants a signature."""
    sealed = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key.id}

    with pytest.raises(AwsError, match="require AWS Signature Version 4"):
        asked("s3", "put_object", ANONYMOUS, Bucket=BUCKET, Key="k", Body=b"x", **sealed)


def test_restricted_public_buckets_let_in_nobody_from_outside(bucket: Any) -> None:
    """A public policy keeps its denials alone for them; for the account it stays as it is."""
    bucket.policy = (
        b'{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},'
        b' {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"}]}'
    )
    stranger = Caller("user", "999999999999", "arn:aws:iam::999999999999:user/eve", "AIDAEVE")

    documents = [
        asked("s3", "list_objects_v2", caller, Bucket=BUCKET)[0].resource_policy for caller in (stranger, ANONYMOUS)
    ]
    own = asked("s3", "list_objects_v2", Bucket=BUCKET)[0].resource_policy

    assert all(found and "Allow" not in found.document and "Deny" in found.document for found in documents)
    assert own is not None
    assert own.document == bucket.policy.decode()


def test_a_grant_lets_in(key: Any) -> None:
    """Whom a grant names may what it names, and nothing else."""
    caller = Caller("user", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/ann", "AIDAANN")
    key.add_grant("", caller.arn, ["Encrypt"], {}, "")

    [encrypt] = asked("kms", "encrypt", KeyId=key.arn, Plaintext=b"x")
    [other] = asked("kms", "generate_data_key", KeyId=key.arn, KeySpec="AES_256")

    assert (encrypt.granted, other.granted) == (True, False)


def test_what_is_known_of_a_key(key: Any) -> None:
    """Its aliases, its kind, the alias by which it was called, and what was sent with the call."""
    backend: Any = kms_backends[ACCOUNT][REGION]
    backend.create_alias(key.id, "alias/asked")

    [ask] = asked("kms", "encrypt", KeyId="alias/asked", Plaintext=b"x", EncryptionContext={"tenant": "a"})

    assert ask.resource == key.arn
    assert ask.context["kms:ResourceAliases"] == ["alias/asked"]
    assert ask.context["kms:RequestAlias"] == "alias/asked"
    assert ask.context["kms:KeySpec"] == "SYMMETRIC_DEFAULT"
    assert ask.context["kms:EncryptionContext:tenant"] == "a"
    assert ask.context["kms:EncryptionContextKeys"] == ["tenant"]
