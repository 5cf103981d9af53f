"""What the cases about rights find in the account: each thing is made when a case first names it."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import Any

from bench.aws_truth.account import REGION, Account

_NAME = re.compile(r"\{(\w+)\}")
KEY = "there"  # the object that is in every scene's bucket


class Scene:
    """Names for `{…}` in a case's parameters: the things behind them, made as the administrator."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.account = account.id

    def filled(self, value: Any) -> Any:
        """The value with its names filled in."""
        if isinstance(value, str):
            return _NAME.sub(lambda match: str(getattr(self, match[1])), value)
        if isinstance(value, dict):
            return {key: self.filled(each) for key, each in value.items()}
        return [self.filled(each) for each in value] if isinstance(value, list) else value

    @cached_property
    def bucket(self) -> str:
        """A versioned bucket with one object, which has a tag."""
        name = self._account.bucket(ObjectLockEnabledForBucket=True)
        self._account.admin("s3").put_object(Bucket=name, Key=KEY, Body=b"x", Tagging="class=daily")
        return name

    @cached_property
    def sealed(self) -> str:
        """A bucket whose objects are sealed with the scene's key, with one object."""
        name, s3 = self._account.bucket(), self._account.admin("s3")
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": self.key}}
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
        s3.put_object(Bucket=name, Key=KEY, Body=b"x")
        return name

    @cached_property
    def open(self) -> str:
        """A bucket with ACLs and without a public access block, with one object."""
        name, s3 = self._account.bucket(ObjectOwnership="ObjectWriter"), self._account.admin("s3")
        s3.delete_public_access_block(Bucket=name)
        s3.put_object(Bucket=name, Key=KEY, Body=b"x")
        return name

    @cached_property
    def version(self) -> str:
        """Of the bucket's object."""
        answer = self._account.admin("s3").head_object(Bucket=self.bucket, Key=KEY)
        return str(answer["VersionId"])

    @cached_property
    def upload(self) -> str:
        """An upload in parts to the bucket."""
        made = self._account.admin("s3").create_multipart_upload(Bucket=self.bucket, Key=KEY)
        return str(made["UploadId"])

    @cached_property
    def sealed_upload(self) -> str:
        """An upload in parts to the sealed bucket."""
        made = self._account.admin("s3").create_multipart_upload(Bucket=self.sealed, Key=KEY)
        return str(made["UploadId"])

    @cached_property
    def key(self) -> str:
        """The ARN of a key whose policy leaves it to the account."""
        return str(self._account.admin("kms").create_key()["KeyMetadata"]["Arn"])

    @cached_property
    def alias(self) -> str:
        """The key's."""
        name = f"alias/{self._account.name()}"
        self._account.admin("kms").create_alias(AliasName=name, TargetKeyId=self.key)
        return name

    @cached_property
    def disabled_key(self) -> str:
        """A key that is switched off."""
        arn = str(self._account.admin("kms").create_key()["KeyMetadata"]["Arn"])
        self._account.admin("kms").disable_key(KeyId=arn)
        return arn

    @cached_property
    def secret(self) -> str:
        """The ARN of a secret that AWS's own key seals."""
        made = self._account.admin("secretsmanager").create_secret(Name=self._account.name(), SecretString="s")
        return str(made["ARN"])

    @cached_property
    def sealed_secret(self) -> str:
        """The ARN of a secret that the scene's key seals."""
        made = self._account.admin("secretsmanager").create_secret(
            Name=self._account.name(), SecretString="s", KmsKeyId=self.key
        )
        return str(made["ARN"])

    @cached_property
    def parameter(self) -> str:
        """The name of a parameter."""
        name = f"/{self._account.name()}/one"
        self._account.admin("ssm").put_parameter(Name=name, Value="1", Type="String")
        return name

    @cached_property
    def sealed_parameter(self) -> str:
        """The name of a parameter that the scene's key seals."""
        name = f"/{self._account.name()}/one"
        self._account.admin("ssm").put_parameter(Name=name, Value="1", Type="SecureString", KeyId=self.key)
        return name

    @cached_property
    def repository(self) -> str:
        """A repository of images."""
        name = self._account.name()
        self._account.admin("ecr").create_repository(repositoryName=name)
        return name

    @cached_property
    def topic(self) -> str:
        """The ARN of a topic."""
        return str(self._account.admin("sns").create_topic(Name=self._account.name())["TopicArn"])

    @cached_property
    def sealed_topic(self) -> str:
        """The ARN of a topic that the scene's key seals."""
        attributes = {"KmsMasterKeyId": self.key}
        return str(
            self._account.admin("sns").create_topic(Name=self._account.name(), Attributes=attributes)["TopicArn"]
        )

    @cached_property
    def role(self) -> str:
        """The name of a role."""
        return self._account.role(
            {"Effect": "Allow", "Principal": {"AWS": self.account}, "Action": "sts:AssumeRole"}
        ).rpartition("/")[2]

    @property
    def fresh(self) -> str:
        """A name that nothing has yet."""
        return self._account.name("new")

    @property
    def region(self) -> str:
        """Where everything is."""
        return REGION


def policy(*statements: dict[str, Any]) -> str:
    """A policy as the calls that put one take it."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
