"""An account of the local AWS as the table's cases use it: the administrator's hands, and identities to try."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import requests

from tests.support.aws_daemon import Aws

Keys = dict[str, str]
REGION = "eu-central-1"


class Account:
    """Makes what a case needs, under names that no other case uses."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self.id = aws.identity["aws_account_id"]
        self._clients: dict[str, Any] = {}

    @property
    def url(self) -> str:
        """Where the API is."""
        return self.aws.url

    @property
    def keys(self) -> Keys:
        """The administrator's."""
        me = self.aws.identity
        return {"AccessKeyId": me["aws_access_key_id"], "SecretAccessKey": me["aws_secret_access_key"]}

    def admin(self, service: str) -> Any:
        """The administrator's client."""
        if service not in self._clients:
            self._clients[service] = self.aws.client(service)
        return self._clients[service]

    def client(self, service: str, keys: Keys, **options: Any) -> Any:
        """Somebody else's client."""
        return self.aws.client(service, keys, **options)

    @staticmethod
    def name(what: str = "truth") -> str:
        """A name that nothing has yet."""
        return f"{what}-{uuid4().hex[:12]}"

    def user(self, *statements: dict[str, Any]) -> Keys:
        """A new user's key; the user may what the statements say. `UserName` and `Arn` are in it too."""
        iam, name = self.admin("iam"), self.name("user")
        arn = iam.create_user(UserName=name)["User"]["Arn"]
        if statements:
            iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*statements))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {
            "AccessKeyId": key["AccessKeyId"],
            "SecretAccessKey": key["SecretAccessKey"],
            "UserName": name,
            "Arn": arn,
        }

    def role(self, trust: dict[str, Any], *statements: dict[str, Any], **options: Any) -> str:
        """A new role's ARN."""
        iam, name = self.admin("iam"), self.name("role")
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust), **options)
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
        return str(made["Role"]["Arn"])

    def session(self, *statements: dict[str, Any], **options: Any) -> Keys:
        """The keys of a session of a new role that may what the statements say."""
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{self.id}:root"}, "Action": "sts:AssumeRole"}
        role = self.role(trust, *statements)
        answer = self.admin("sts").assume_role(RoleArn=role, RoleSessionName="truth", **options)
        keys: Keys = {**answer["Credentials"], "RoleArn": role, "Arn": answer["AssumedRoleUser"]["Arn"]}
        return keys

    def bucket(self, **options: Any) -> str:
        """A new bucket."""
        name = self.name("bucket")
        place = {"LocationConstraint": REGION}
        self.admin("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place, **options)
        return name

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        """An HTTP request as it stands, signed by nobody."""
        return requests.request(method, f"{self.url}{path}", timeout=20, **options)


def document(*statements: dict[str, Any]) -> str:
    """A policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: str | list[str], resources: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions: str | list[str], resources: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """A statement that denies."""
    return {"Effect": "Deny", "Action": actions, "Resource": resources, **more}
