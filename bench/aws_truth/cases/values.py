"""Values that AWS refuses at its API: documents, lengths, ranges, numbers, and what still hangs on something."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.config import Config

from bench.aws_truth.account import Account, allow, document
from bench.aws_truth.case import Attempt, Case

AS_IT_STANDS = Config(parameter_validation=False, retries={"total_max_attempts": 1})
MALFORMED, LIMIT, CONFLICT = "MalformedPolicyDocument", "LimitExceeded", "DeleteConflict"
READ = allow("s3:GetObject")
Given = dict[str, Any]
Values = Callable[[Account], Given]


def _call(says: str, service: str, action: str, code: str | None, given: Given | Values) -> Case:
    """One call with these values, which no client looks at before."""

    def prepare(account: Account) -> Attempt:
        client = account.client(service, account.keys, config=AS_IT_STANDS)
        values = given(account) if callable(given) else given
        named = {name: account.name() if value == "{name}" else value for name, value in values.items()}
        return lambda: getattr(client, action)(**named)

    return Case(says, prepare, code)


def _policy(says: str, code: str | None, text: str) -> Case:
    given = {"PolicyName": "{name}", "PolicyDocument": text}
    return _call(f"a policy: {says}", "iam", "create_policy", code, given)


def _role(says: str, code: str | None, **given: Any) -> Case:
    values = {"RoleName": "{name}", "AssumeRolePolicyDocument": document(TRUST), **given}
    return _call(f"a role: {says}", "iam", "create_role", code, values)


def _trust(says: str, code: str | None, **changed: Any) -> Case:
    statement = {name: value for name, value in {**TRUST, **changed}.items() if value is not None}
    return _role(f"trusts {says}", code, AssumeRolePolicyDocument=document(statement))


def _with(**changed: Any) -> str:
    return document({name: value for name, value in {**READ, **changed}.items() if value is not None})


def _user_policy(account: Account, length: int) -> Given:
    empty = len("".join(_with(Resource="arn:aws:s3:::").split()))
    text = _with(Resource="arn:aws:s3:::" + "a" * (length - empty))
    return {"UserName": account.user()["UserName"], "PolicyName": "own", "PolicyDocument": text}


def _third_key(account: Account) -> Given:
    name = account.user()["UserName"]
    account.admin("iam").create_access_key(UserName=name)
    return {"UserName": name}


def _key(account: Account) -> str:
    return str(account.admin("kms").create_key()["KeyMetadata"]["KeyId"])


def _gone(account: Account, days: int) -> Given:
    return {"KeyId": _key(account), "PendingWindowInDays": days}


def _alias(account: Account, name: str) -> Given:
    return {"AliasName": name, "TargetKeyId": _key(account)}


def _forgotten(account: Account, days: int) -> Given:
    name = account.name()
    account.admin("secretsmanager").create_secret(Name=name, SecretString="x")
    return {"SecretId": name, "RecoveryWindowInDays": days}


def _parameter(value: str, **changed: Any) -> Given:
    return {"Name": "{name}", "Value": value, "Type": "String", **changed}


def _alarm(**changed: Any) -> Given:
    alarm = {
        "AlarmName": "{name}",
        "Namespace": "n",
        "MetricName": "m",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold",
    }
    return {**alarm, **changed}


def _lifecycle(says: str, code: str | None, **selection: Any) -> Case:
    selection = {name: value for name, value in selection.items() if value is not None}
    rule = {"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}

    def given(account: Account) -> Given:
        name = account.name()
        account.admin("ecr").create_repository(repositoryName=name)
        return {"repositoryName": name, "lifecyclePolicyText": json.dumps({"rules": [rule]})}

    return _call(f"an ECR lifecycle rule: {says}", "ecr", "put_lifecycle_policy", code, given)


TRUST = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}
_PUSHED = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 3}
CASES = [
    _policy("a good one", None, _with()),
    _policy("no JSON", MALFORMED, "{"),
    _policy("another version", MALFORMED, _with().replace("2012-10-17", "2012-10-18")),
    _policy("no action", MALFORMED, _with(Action=None)),
    _policy("action and what is no action", MALFORMED, _with(NotAction="s3:PutObject")),
    _policy("an action without a vendor", MALFORMED, _with(Action="GetObject")),
    _policy("no resource", MALFORMED, _with(Resource=None)),
    _policy("a resource that is no ARN", MALFORMED, _with(Resource="bucket")),
    _policy("a principal", MALFORMED, _with(Principal="*")),
    _policy("an unknown field", MALFORMED, _with(Verb="x")),
    _policy("an unknown operator", MALFORMED, _with(Condition={"Foo": {"aws:SourceIp": "10.0.0.0/8"}})),
    _policy("the same Sid twice", MALFORMED, document({**READ, "Sid": "A"}, {**READ, "Sid": "A"})),
    _policy("longer than 6,144", LIMIT, _with(Resource="arn:aws:s3:::" + "a" * 6144)),
    _trust("an account", None),
    _trust("nobody", MALFORMED, Principal=None),
    _trust("a user who is not there", MALFORMED, Principal={"AWS": "arn:aws:iam::123456789012:user/nobody"}),
    _trust("by a resource", MALFORMED, Resource="*"),
    _trust("for another service's action", MALFORMED, Action="s3:GetObject"),
    _role("a name of 64 letters", None, RoleName="{name}"),
    _role("a name of 70 letters", "ValidationError", RoleName="r" * 70),
    _role("a name with a space", "ValidationError", RoleName="a b"),
    _role("a path without its slash", "ValidationError", Path="unslashed"),
    _role("sessions of ten minutes", "ValidationError", MaxSessionDuration=600),
    _role("sessions of thirteen hours", "ValidationError", MaxSessionDuration=46_800),
    _role("a tag's value of 300 letters", "ValidationError", Tags=[{"Key": "a", "Value": "v" * 300}]),
    _role("a tag's key of 129 letters", "ValidationError", Tags=[{"Key": "k" * 129, "Value": "v"}]),
    _role("a tag of AWS's", "InvalidInput", Tags=[{"Key": "aws:team", "Value": "v"}]),
    _role("51 tags", "ValidationError", Tags=[{"Key": f"k{number}", "Value": ""} for number in range(51)]),
    _role(
        "a boundary that is not there", "NoSuchEntity", PermissionsBoundary="arn:aws:iam::123456789012:policy/none"
    ),
    _call("2,048 characters for a user", "iam", "put_user_policy", None, lambda a: _user_policy(a, 2048)),
    _call("2,049 characters for a user", "iam", "put_user_policy", LIMIT, lambda a: _user_policy(a, 2049)),
    _call("a third access key", "iam", "create_access_key", LIMIT, _third_key),
    _call(
        "a user with a key is deleted", "iam", "delete_user", CONFLICT, lambda a: {"UserName": a.user()["UserName"]}
    ),
    _call("a user who is not there", "iam", "get_user", "NoSuchEntity", {"UserName": "{name}"}),
    _call(
        "a policy of AWS's that is not there",
        "iam",
        "attach_user_policy",
        "NoSuchEntity",
        lambda a: {"UserName": a.user()["UserName"], "PolicyArn": "arn:aws:iam::aws:policy/Nobody"},
    ),
    _call("an alarm", "cloudwatch", "put_metric_alarm", None, _alarm()),
    _call(
        "an alarm: its operator",
        "cloudwatch",
        "put_metric_alarm",
        "ValidationError",
        _alarm(ComparisonOperator="Foo"),
    ),
    _call("an alarm: its statistic", "cloudwatch", "put_metric_alarm", "ValidationError", _alarm(Statistic="Mean")),
    _call(
        "an alarm: no period at all", "cloudwatch", "put_metric_alarm", "ValidationError", _alarm(EvaluationPeriods=0)
    ),
    _call("a key gone in a week", "kms", "schedule_key_deletion", None, lambda a: _gone(a, 7)),
    _call("a key gone in three days", "kms", "schedule_key_deletion", "ValidationException", lambda a: _gone(a, 3)),
    _call("a key gone in 31 days", "kms", "schedule_key_deletion", "ValidationException", lambda a: _gone(a, 31)),
    _call("an alias without its prefix", "kms", "create_alias", "ValidationException", lambda a: _alias(a, "bare")),
    _call("a secret gone in a week", "secretsmanager", "delete_secret", None, lambda a: _forgotten(a, 7)),
    _call(
        "a secret gone in three days",
        "secretsmanager",
        "delete_secret",
        "InvalidParameterException",
        lambda a: _forgotten(a, 3),
    ),
    _call("a parameter of 4,096", "ssm", "put_parameter", None, _parameter("v" * 4096)),
    _call("a parameter of 5,000", "ssm", "put_parameter", "ValidationException", _parameter("v" * 5000)),
    _call("an advanced parameter of 5,000", "ssm", "put_parameter", None, _parameter("v" * 5000, Tier="Advanced")),
    _call(
        "a parameter of another type", "ssm", "put_parameter", "ValidationException", _parameter("v", Type="Number")
    ),
    _call(
        "a repository in capitals",
        "ecr",
        "create_repository",
        "InvalidParameterException",
        {"repositoryName": "SHOUTED"},
    ),
    _lifecycle("by age", None, **_PUSHED),
    _lifecycle("without a unit", "InvalidParameterException", **{**_PUSHED, "countUnit": None}),
    _lifecycle("tagged without a prefix", "InvalidParameterException", **{**_PUSHED, "tagStatus": "tagged"}),
    _lifecycle("of another status", "InvalidParameterException", **{**_PUSHED, "tagStatus": "signed"}),
]
