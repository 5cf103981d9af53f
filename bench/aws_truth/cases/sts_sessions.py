"""Temporary keys: who they are, how long they may live, and that they end with whom they were made for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.config import Config

from bench.aws_truth.account import Account, Keys, allow
from bench.aws_truth.case import Attempt, Case

ANYBODY = "arn:aws:iam::123456789012:root"
TRUST = {"Effect": "Allow", "Principal": {"AWS": ANYBODY}, "Action": "sts:AssumeRole"}
HOUR = 3600
UNCHECKED = Config(parameter_validation=False)  # the service is asked, not the client


def who(account: Account, keys: Keys) -> Attempt:
    """Asks STS who these keys are."""
    attempt: Attempt = account.client("sts", keys).get_caller_identity
    return attempt


def assume(account: Account, seconds: int, keys: Keys | None = None, **role: Any) -> Attempt:
    """Assumes a new role for so many seconds."""
    arn, sts = account.role(TRUST, **role), account.client("sts", keys or account.keys, config=UNCHECKED)
    return lambda: sts.assume_role(RoleArn=arn, RoleSessionName="truth", DurationSeconds=seconds)


def _token(account: Account, seconds: int) -> Attempt:
    sts = account.client("sts", account.keys, config=UNCHECKED)
    return lambda: sts.get_session_token(DurationSeconds=seconds)


def _of_user(account: Account, *statements: dict[str, Any]) -> tuple[Keys, Keys]:
    user = account.user(*statements)
    return user, account.client("sts", user).get_session_token()["Credentials"]


def _without_role(account: Account) -> Attempt:
    keys = account.session()
    name = keys["RoleArn"].rpartition("/")[2]
    account.admin("iam").delete_role(RoleName=name)
    return who(account, keys)


def _with_another_role_of_the_name(account: Account) -> Attempt:
    keys = account.session()
    name, iam = keys["RoleArn"].rpartition("/")[2], account.admin("iam")
    document = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    iam.delete_role(RoleName=name)
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))
    return who(account, keys)


def _without_user(account: Account) -> Attempt:
    user, keys = _of_user(account)
    iam = account.admin("iam")
    iam.delete_access_key(UserName=user["UserName"], AccessKeyId=user["AccessKeyId"])
    iam.delete_user(UserName=user["UserName"])
    return who(account, keys)


def _session_calls(service: str, call: str) -> Callable[[Account], Attempt]:
    def prepare(account: Account) -> Attempt:
        _, keys = _of_user(account, allow("*"))
        attempt: Attempt = getattr(account.client(service, keys), call)
        return attempt

    return prepare


CASES = [
    Case("a user without any right asks who it is", lambda a: who(a, a.user())),
    Case("a role without any right asks who it is", lambda a: who(a, a.session())),
    Case("a session token of a user without any right", lambda a: who(a, _of_user(a)[1])),
    Case("a role for an hour", lambda a: assume(a, HOUR)),
    Case("a role for longer than it allows", lambda a: assume(a, 2 * HOUR), "ValidationError"),
    Case("a role for as long as it allows", lambda a: assume(a, 2 * HOUR, MaxSessionDuration=2 * HOUR)),
    Case("a role for less than a quarter of an hour", lambda a: assume(a, 899), "ValidationError"),
    Case("a role for more than half a day", lambda a: assume(a, 12 * HOUR + 1), "ValidationError"),
    Case(
        "a role by a role, for longer than an hour",
        lambda a: assume(a, 2 * HOUR, a.session(allow("sts:AssumeRole")), MaxSessionDuration=2 * HOUR),
        "ValidationError",
    ),
    Case("a role by a role, for an hour", lambda a: assume(a, HOUR, a.session(allow("sts:AssumeRole")))),
    Case(
        "a role whose ARN is none",
        lambda a: lambda: a.admin("sts").assume_role(RoleArn="no-arn-at-all-but-long", RoleSessionName="truth"),
        "ValidationError",
    ),
    Case("a session token for 36 hours", lambda a: _token(a, 36 * HOUR)),
    Case("a session token for longer", lambda a: _token(a, 36 * HOUR + 1), "ValidationError"),
    Case("a session token for too short a time", lambda a: _token(a, 899), "ValidationError"),
    Case("a session token by a session token", _session_calls("sts", "get_session_token"), "AccessDenied"),
    Case("a session token reads IAM", _session_calls("iam", "list_users"), "InvalidClientTokenId"),
    Case("a session token reads S3", _session_calls("s3", "list_buckets")),
    Case("a session of a role that is gone", _without_role, "InvalidClientTokenId"),
    Case("a session of a role that was made anew", _with_another_role_of_the_name, "InvalidClientTokenId"),
    Case("a session of a user who is gone", _without_user, "InvalidClientTokenId"),
]
