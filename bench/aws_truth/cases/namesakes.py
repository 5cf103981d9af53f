"""Users and roles made anew under a name: a policy that named the one before does not name them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bench.aws_truth.account import Account, Keys, allow, deny, document
from bench.aws_truth.case import Attempt, Case

ROOT = "arn:aws:iam::123456789012:root"
Made = Callable[[Account, str], Callable[[Any], Attempt]]


def _named(says: str, made: Made, code: str | None, *, anew: bool) -> Case:
    """A thing whose policy names a user, who is there still or was made anew."""

    def prepare(account: Account) -> Attempt:
        keys = account.user()
        use = made(account, keys["Arn"])
        if anew:
            keys = _made_anew(account, keys)
        return use(lambda service: account.client(service, keys))

    return Case(f"{says}, and the user {'was made anew' if anew else 'is there'}", prepare, code)


def _made_anew(account: Account, keys: Keys) -> Keys:
    iam, name = account.admin("iam"), keys["UserName"]
    iam.delete_access_key(UserName=name, AccessKeyId=keys["AccessKeyId"])
    iam.delete_user(UserName=name)
    iam.create_user(UserName=name)
    made: Keys = iam.create_access_key(UserName=name)["AccessKey"]
    return made


def _lets_in(arn: str, actions: str, resource: str = "*") -> dict[str, Any]:
    return {**allow(actions, resource), "Principal": {"AWS": arn}}


def _bucket(account: Account, arn: str) -> Any:
    name = account.bucket()
    text = document(_lets_in(arn, "s3:ListBucket", f"arn:aws:s3:::{name}"))
    account.admin("s3").put_bucket_policy(Bucket=name, Policy=text)
    return lambda client: lambda: client("s3").list_objects_v2(Bucket=name)


def _key(account: Account, arn: str) -> Any:
    text = document(_lets_in(ROOT, "kms:*"), _lets_in(arn, "kms:Encrypt"))
    key = account.admin("kms").create_key(Policy=text)["KeyMetadata"]["Arn"]
    return lambda client: lambda: client("kms").encrypt(KeyId=key, Plaintext=b"x")


def _grant(account: Account, arn: str) -> Any:
    kms = account.admin("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_grant(KeyId=key, GranteePrincipal=arn, Operations=["Encrypt"])
    return lambda client: lambda: client("kms").encrypt(KeyId=key, Plaintext=b"x")


def _role(account: Account, arn: str) -> Any:
    role = account.role({"Effect": "Allow", "Principal": {"AWS": [arn, ROOT]}, "Action": "sts:AssumeRole"})
    return lambda client: lambda: client("sts").assume_role(RoleArn=role, RoleSessionName="truth")


def _secret(account: Account, arn: str) -> Any:
    manager = account.admin("secretsmanager")
    secret = manager.create_secret(Name=account.name(), SecretString="s")["ARN"]
    text = document(_lets_in(arn, "secretsmanager:GetSecretValue"))
    manager.put_resource_policy(SecretId=secret, ResourcePolicy=text)
    return lambda client: lambda: client("secretsmanager").get_secret_value(SecretId=secret)


def _topic(account: Account, arn: str) -> Any:
    sns = account.admin("sns")
    topic = sns.create_topic(Name=account.name())["TopicArn"]
    text = document(_lets_in(arn, "sns:Publish", topic))
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=text)
    return lambda client: lambda: client("sns").publish(TopicArn=topic, Message="x")


def _repository(account: Account, arn: str) -> Any:
    ecr, name = account.admin("ecr"), account.name()
    ecr.create_repository(repositoryName=name)
    statement = _lets_in(arn, "ecr:ListImages")
    del statement["Resource"]
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    ecr.set_repository_policy(repositoryName=name, policyText=text)
    return lambda client: lambda: client("ecr").list_images(repositoryName=name)


def _denied(account: Account, arn: str) -> Any:
    """A secret that one user must not read, and everybody of the account may."""
    manager = account.admin("secretsmanager")
    secret = manager.create_secret(Name=account.name(), SecretString="s")["ARN"]
    of_account = {"StringEquals": {"aws:PrincipalAccount": account.id}}
    everybody = {**allow("secretsmanager:GetSecretValue", Condition=of_account), "Principal": {"AWS": "*"}}
    text = document(everybody, {**deny("secretsmanager:GetSecretValue"), "Principal": {"AWS": arn}})
    manager.put_resource_policy(SecretId=secret, ResourcePolicy=text)
    return lambda client: lambda: client("secretsmanager").get_secret_value(SecretId=secret)


def _role_made_anew(account: Account) -> Attempt:
    """A topic for a role, of which another one has the name now."""
    trust = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole"}
    arn, iam, sts = account.role(trust), account.admin("iam"), account.admin("sts")
    use = _topic(account, arn)
    iam.delete_role(RoleName=arn.rpartition("/")[2])
    iam.create_role(RoleName=arn.rpartition("/")[2], AssumeRolePolicyDocument=document(trust))
    keys = sts.assume_role(RoleArn=arn, RoleSessionName="truth")["Credentials"]
    attempt: Attempt = use(lambda service: account.client(service, keys))
    return attempt


def _kept_in_condition(account: Account) -> Attempt:
    """A condition on an ARN is about the name, whoever has it."""
    keys, sns = account.user(), account.admin("sns")
    topic = sns.create_topic(Name=account.name())["TopicArn"]
    named = {"StringEquals": {"aws:PrincipalArn": keys["Arn"]}}
    text = document({**allow("sns:Publish", topic, Condition=named), "Principal": {"AWS": "*"}})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=text)
    keys = _made_anew(account, keys)
    return lambda: account.client("sns", keys).publish(TopicArn=topic, Message="x")


_THINGS: list[tuple[str, Made, str]] = [
    ("a bucket's policy names a user", _bucket, "AccessDenied"),
    ("a key's policy names a user", _key, "AccessDeniedException"),
    ("a grant is for a user", _grant, "AccessDeniedException"),
    ("a role trusts a user", _role, "AccessDenied"),
    ("a secret's policy names a user", _secret, "AccessDeniedException"),
    ("a topic's policy names a user", _topic, "AuthorizationError"),
    ("a repository's policy names a user", _repository, "AccessDeniedException"),
]
CASES = [
    *(_named(says, made, None, anew=False) for says, made, _ in _THINGS),
    *(_named(says, made, code, anew=True) for says, made, code in _THINGS),
    _named("a secret's policy denies a user", _denied, "AccessDeniedException", anew=False),
    _named("a secret's policy denies a user", _denied, None, anew=True),
    Case("a topic's policy names a role that was made anew", _role_made_anew, "AuthorizationError"),
    Case("a topic's policy has a condition on the ARN of a user who was made anew", _kept_in_condition),
]
