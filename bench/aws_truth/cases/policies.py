"""What policies let an identity read: actions, resources, conditions, denies, variables; users and sessions."""

from __future__ import annotations

import json
from typing import Any

from bench.aws_truth.account import Account, allow, deny
from bench.aws_truth.case import Attempt, Case

GET, BUCKET, OBJECT = "s3:GetObject", "arn:aws:s3:::{bucket}", "arn:aws:s3:::{bucket}/a/x"
DENIED = "AccessDenied"
Statement = dict[str, Any]


def when(operator: str, key: str, *values: str) -> Statement:
    """A statement that allows the read under one condition."""
    return allow(GET, OBJECT, Condition={operator: {key: list(values)}})


def with_bucket(statements: list[Statement], **words: str) -> list[Statement]:
    """The statements with the names of what was made for the case."""
    text = json.dumps(statements)
    for word, value in words.items():
        text = text.replace(f"{{{word}}}", value)
    found: list[Statement] = json.loads(text)
    return found


def bucket_with_an_object(account: Account) -> str:
    """A new bucket that has `a/x`."""
    name = account.bucket()
    account.admin("s3").put_object(Bucket=name, Key="a/x", Body=b"here", Tagging="class=daily")
    return name


def _read(kind: str, says: str, code: str | None, *statements: Statement) -> Case:
    def prepare(account: Account) -> Attempt:
        bucket = bucket_with_an_object(account)
        named = with_bucket(list(statements), bucket=bucket)
        keys = account.user(*named) if kind == "user" else account.session(*named)
        return lambda: account.client("s3", keys).get_object(Bucket=bucket, Key="a/x")

    return Case(f"a {kind} reads an object: {says}", prepare, code)


_READS: list[tuple[str, str | None, list[Statement]]] = [
    ("no policy", DENIED, []),
    ("the action on the object", None, [allow(GET, OBJECT)]),
    ("the action in small letters", None, [allow("s3:getobject", OBJECT)]),
    ("all of the service", None, [allow("s3:*", OBJECT)]),
    ("a wildcard in the action", None, [allow("s3:Get*", OBJECT)]),
    ("a question mark in the action", None, [allow("s3:?etObject", OBJECT)]),
    ("another action", DENIED, [allow("s3:PutObject", OBJECT)]),
    ("another service", DENIED, [allow("kms:*")]),
    ("the bucket and not its objects", DENIED, [allow(GET, BUCKET)]),
    ("objects of the bucket", None, [allow(GET, BUCKET + "/*")]),
    ("a part of the bucket", None, [allow(GET, BUCKET + "/a/*")]),
    ("another part of the bucket", DENIED, [allow(GET, BUCKET + "/b/*")]),
    ("any of several resources", None, [allow(GET, [BUCKET + "/b/*", OBJECT])]),
    ("all but another action", None, [{**allow("x:x", OBJECT), "Action": None, "NotAction": "s3:PutObject"}]),
    ("all but this action", DENIED, [{**allow("x:x", OBJECT), "Action": None, "NotAction": "s3:Get*"}]),
    ("all but other resources", None, [{**allow(GET), "Resource": None, "NotResource": BUCKET + "/b/*"}]),
    ("all but this resource", DENIED, [{**allow(GET), "Resource": None, "NotResource": BUCKET + "/a/*"}]),
    ("a deny beside the allow", DENIED, [allow(GET, OBJECT), deny(GET, OBJECT)]),
    ("a deny before a wider allow", DENIED, [deny("s3:Get*", BUCKET + "/a/*"), allow("*")]),
    ("a deny of another object", None, [allow(GET, OBJECT), deny(GET, BUCKET + "/a/y")]),
    (
        "a deny over plain HTTP",
        None,
        [allow(GET, OBJECT), deny("*", Condition={"Bool": {"aws:SecureTransport": "false"}})],
    ),
    ("only by TLS", None, [when("Bool", "aws:SecureTransport", "true")]),
    ("only from this machine", None, [when("IpAddress", "aws:SourceIp", "127.0.0.0/8")]),
    ("only from elsewhere", DENIED, [when("IpAddress", "aws:SourceIp", "203.0.113.0/24")]),
    ("not from elsewhere", None, [when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24")]),
    ("only in this region", None, [when("StringEquals", "aws:RequestedRegion", "eu-central-1")]),
    ("only in another region", DENIED, [when("StringEquals", "aws:RequestedRegion", "us-east-1")]),
    ("before a day that is over", DENIED, [when("DateLessThan", "aws:CurrentTime", "2020-01-01T00:00:00Z")]),
    ("after a day that is over", None, [when("DateGreaterThan", "aws:CurrentTime", "2020-01-01T00:00:00Z")]),
    ("after an hour in seconds", None, [when("NumericGreaterThan", "aws:EpochTime", "1577836800")]),
    ("a key that the call lacks", DENIED, [when("StringEquals", "aws:SourceVpc", "vpc-1")]),
    ("a key that the call lacks, if it exists", None, [when("StringEqualsIfExists", "aws:SourceVpc", "vpc-1")]),
    ("a negated key that the call lacks", None, [when("StringNotEquals", "aws:SourceVpc", "vpc-1")]),
    ("a key must be absent", None, [when("Null", "aws:SourceVpc", "true")]),
    ("a key must be there", DENIED, [when("Null", "aws:SourceVpc", "false")]),
    ("the object's tag", None, [when("StringEquals", "s3:ExistingObjectTag/class", "daily", "monthly")]),
    ("another tag of the object", DENIED, [when("StringEquals", "s3:ExistingObjectTag/class", "monthly")]),
    ("in the account", None, [when("StringEquals", "aws:PrincipalAccount", "{account}")]),
    ("any of a set without a set", DENIED, [when("ForAnyValue:StringEquals", "aws:TagKeys", "a")]),
    ("all of a set without a set", None, [when("ForAllValues:StringEquals", "aws:TagKeys", "a")]),
]
_OF_USERS: list[tuple[str, str | None, list[Statement]]] = [
    ("a user's name in the resource", DENIED, [allow(GET, BUCKET + "/${aws:username}/*")]),
    ("a name in the resource, with a default", None, [allow(GET, BUCKET + "/${aws:PrincipalTag/of, 'a'}/*")]),
    ("a key that is never multi-factor", DENIED, [when("Bool", "aws:MultiFactorAuthPresent", "true")]),
    (
        "a deny without multi-factor, by a key for good",
        None,
        [allow(GET, OBJECT), deny("*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})],
    ),
    ("users alone", None, [when("StringEquals", "aws:PrincipalType", "User")]),
]
_OF_SESSIONS: list[tuple[str, str | None, list[Statement]]] = [
    ("sessions alone", None, [when("StringEquals", "aws:PrincipalType", "AssumedRole")]),
    (
        "a deny without multi-factor, by a session",
        DENIED,
        [allow(GET, OBJECT), deny("*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})],
    ),
    ("a role and not its session", None, [when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*")]),
    ("its session and not the role", DENIED, [when("ArnLike", "aws:PrincipalArn", "arn:aws:sts::*:assumed-role/*")]),
    ("a session's name", None, [when("StringLike", "aws:userid", "AROA*:truth")]),
    ("a token of before", DENIED, [when("DateLessThan", "aws:TokenIssueTime", "2020-01-01T00:00:00Z")]),
]


def _clean(statement: Statement) -> Statement:
    return {name: value for name, value in statement.items() if value is not None}


def _cases(kind: str, table: list[tuple[str, str | None, list[Statement]]]) -> list[Case]:
    return [
        _read(kind, says, code, *with_bucket([_clean(each) for each in statements], account="123456789012"))
        for says, code, statements in table
    ]


CASES = [
    *_cases("user", _READS + _OF_USERS),
    *_cases("session", _READS + _OF_SESSIONS),
]
