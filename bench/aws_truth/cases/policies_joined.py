"""How kinds of policies join: bounds, a resource's own, groups, sessions, and whom a role trusts."""

from __future__ import annotations

from typing import Any

from bench.aws_truth.account import Account, Keys, allow, deny, document
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.cases.policies import DENIED, GET, OBJECT, Statement, bucket_with_an_object, with_bucket

READ, OTHER = allow(GET), allow("s3:PutObject")
USER, SESSION = "user", "session"


def _hung(kind: str, says: str, code: str | None, hung: Statement, *own: Statement) -> Case:
    """The bucket has a policy; `{me}`, `{role}` and `{account}` are names in it."""

    def prepare(account: Account) -> Attempt:
        bucket = bucket_with_an_object(account)
        keys = account.user(*own) if kind == USER else account.session(*own)
        words = {"bucket": bucket, "me": keys["Arn"], "role": keys.get("RoleArn", ""), "account": account.id}
        policy = document(*with_bucket([hung], **words))
        account.admin("s3").put_bucket_policy(Bucket=bucket, Policy=policy)
        return lambda: account.client("s3", keys).get_object(Bucket=bucket, Key="a/x")

    return Case(f"a {kind} and a bucket's policy: {says}", prepare, code)


def _to(principal: Any, effect: str = "Allow", **more: Any) -> Statement:
    return {"Effect": effect, "Principal": principal, "Action": GET, "Resource": OBJECT, **more}


def _bounded(says: str, code: str | None, boundary: Statement, *own: Statement) -> Case:
    def prepare(account: Account) -> Attempt:
        bucket = bucket_with_an_object(account)
        made = account.admin("iam").create_policy(PolicyName=account.name("bound"), PolicyDocument=document(boundary))
        arn, trust = made["Policy"]["Arn"], _trust(account)
        role = account.role(trust, *own, PermissionsBoundary=arn)
        keys = _assumed(account, role)
        return lambda: account.client("s3", keys).get_object(Bucket=bucket, Key="a/x")

    return Case(f"a permissions boundary: {says}", prepare, code)


def _in_session(says: str, code: str | None, policy: Statement, *own: Statement) -> Case:
    def prepare(account: Account) -> Attempt:
        bucket = bucket_with_an_object(account)
        keys = account.session(*own, Policy=document(policy))
        return lambda: account.client("s3", keys).get_object(Bucket=bucket, Key="a/x")

    return Case(f"a session's policy: {says}", prepare, code)


def _trust(account: Account) -> Statement:
    return {"Effect": "Allow", "Principal": {"AWS": account.id}, "Action": "sts:AssumeRole"}


def _assumed(account: Account, role: str) -> Keys:
    keys: Keys = account.admin("sts").assume_role(RoleArn=role, RoleSessionName="truth")["Credentials"]
    return keys


def _assumes(says: str, code: str | None, trust: Statement, *own: Statement, **given: Any) -> Case:
    """A user assumes a role; `{me}` and `{account}` are names in the trust policy."""

    def prepare(account: Account) -> Attempt:
        keys = account.user(*own)
        [named] = with_bucket([trust], me=keys["Arn"], account=account.id)
        role = account.role({"Effect": "Allow", "Action": "sts:AssumeRole", **named})
        return lambda: account.client("sts", keys).assume_role(
            **{"RoleArn": role, "RoleSessionName": "truth", **given}
        )

    return Case(f"a role is assumed: {says}", prepare, code)


def _by_group(says: str, code: str | None, statement: Statement, *own: Statement, managed: bool) -> Case:
    def prepare(account: Account) -> Attempt:
        bucket, keys, iam, name = (
            bucket_with_an_object(account),
            account.user(*own),
            account.admin("iam"),
            account.name(),
        )
        iam.create_group(GroupName=name)
        iam.add_user_to_group(GroupName=name, UserName=keys["UserName"])
        if managed:
            arn = iam.create_policy(PolicyName=name, PolicyDocument=document(statement))["Policy"]["Arn"]
            iam.attach_group_policy(GroupName=name, PolicyArn=arn)
        else:
            iam.put_group_policy(GroupName=name, PolicyName="own", PolicyDocument=document(statement))
        return lambda: account.client("s3", keys).get_object(Bucket=bucket, Key="a/x")

    return Case(f"a group: {says}", prepare, code)


_MAY, _ROOT = allow("sts:AssumeRole"), {"Principal": {"AWS": "arn:aws:iam::{account}:root"}}
_ID = {"Condition": {"StringEquals": {"sts:ExternalId": "42"}}}
CASES = [
    _hung(USER, "names the user", None, _to({"AWS": "{me}"})),
    _hung(USER, "names the account", DENIED, _to({"AWS": "{account}"})),
    _hung(USER, "names the account, and the user may", None, _to({"AWS": "{account}"}), READ),
    _hung(USER, "names another account", DENIED, _to({"AWS": "999999999999"})),
    _hung(USER, "names a service", DENIED, _to({"Service": "cloudtrail.amazonaws.com"})),
    _hung(USER, "denies everybody", DENIED, _to("*", "Deny"), READ),
    _hung(USER, "denies the user", DENIED, _to({"AWS": "{me}"}, "Deny"), READ),
    _hung(USER, "denies the account", DENIED, _to({"AWS": "{account}"}, "Deny"), READ),
    _hung(USER, "denies another account", None, _to({"AWS": "999999999999"}, "Deny"), READ),
    _hung(
        USER,
        "denies plain HTTP",
        None,
        _to("*", "Deny", Condition={"Bool": {"aws:SecureTransport": "false"}}),
        READ,
    ),
    _hung(USER, "a user's deny against the bucket's allow", DENIED, _to({"AWS": "{me}"}), deny(GET)),
    _hung(SESSION, "names the role", None, _to({"AWS": "{role}"})),
    _hung(SESSION, "names the account", DENIED, _to({"AWS": "{account}"})),
    _hung(SESSION, "denies the role", DENIED, _to({"AWS": "{role}"}, "Deny"), READ),
    _hung(
        SESSION,
        "denies all roles but others",
        DENIED,
        _to("*", "Deny", Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/other"}}),
        READ,
    ),
    _hung(
        SESSION,
        "denies all roles but this",
        None,
        _to("*", "Deny", Condition={"ArnNotLike": {"aws:PrincipalArn": "{role}"}}),
        READ,
    ),
    _bounded("allows it too", None, READ, READ),
    _bounded("allows something else", DENIED, OTHER, READ),
    _bounded("gives nothing by itself", DENIED, READ),
    _bounded("denies", DENIED, deny(GET), READ),
    _in_session("allows it too", None, READ, READ),
    _in_session("allows something else", DENIED, OTHER, READ),
    _in_session("gives nothing by itself", DENIED, READ, OTHER),
    _in_session("denies", DENIED, deny("s3:*"), READ),
    _by_group("its inline policy", None, READ, managed=False),
    _by_group("its managed policy", None, READ, managed=True),
    _by_group("its deny against the user's own allow", DENIED, deny(GET), READ, managed=True),
    _assumes("the trust policy names the user", None, {"Principal": {"AWS": "{me}"}}),
    _assumes("it names the account, and the user may", None, _ROOT, _MAY),
    _assumes("it names the account, and the user may not", DENIED, _ROOT),
    _assumes("it names another account", DENIED, {"Principal": {"AWS": "999999999999"}}, _MAY),
    _assumes("it names a service", DENIED, {"Principal": {"Service": "ec2.amazonaws.com"}}, _MAY),
    _assumes("the user is denied", DENIED, {"Principal": {"AWS": "{me}"}}, deny("sts:AssumeRole")),
    _assumes("with the external id", None, {**_ROOT, **_ID}, _MAY, ExternalId="42"),
    _assumes("with another external id", DENIED, {**_ROOT, **_ID}, _MAY, ExternalId="43"),
    _assumes("without the external id", DENIED, {**_ROOT, **_ID}, _MAY),
    _assumes("tags need a right", DENIED, _ROOT, _MAY, Tags=[{"Key": "team", "Value": "a"}]),
    _assumes("longer than the role allows", "ValidationError", _ROOT, _MAY, DurationSeconds=7200),
    _assumes("with a policy that is none", "MalformedPolicyDocument", _ROOT, _MAY, Policy="{}"),
]
