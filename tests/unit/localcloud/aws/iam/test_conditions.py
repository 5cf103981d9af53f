"""Every condition operator, as AWS's reference describes it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.aws.iam.context import normal
from localcloud.aws.iam.document import read


def holds(condition: dict[str, Any], **keys: Any) -> bool:
    """Whether a statement with that condition speaks of a call with those keys; `__` stands for a colon."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    document = read(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    context = normal({name.replace("__", ":").replace("_S_", "/"): value for name, value in keys.items()})
    return document.statements[0].applies("s3:GetObject", "arn:aws:s3:::bucket/key", context)


@pytest.mark.parametrize(
    ("operator", "written", "value", "expected"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", "a*", "ab", False),
        ("StringEquals", ["a", "b"], "b", True),
        ("StringNotEquals", "a", "b", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringEqualsIgnoreCase", "Ab", "aB", True),
        ("StringNotEqualsIgnoreCase", "Ab", "aB", False),
        ("StringLike", "home/*", "home/a/b", True),
        ("StringLike", "a?c", "abc", True),
        ("StringLike", "a?c", "ac", False),
        ("StringLike", "A*", "abc", False),
        ("StringNotLike", ["a*", "b*"], "c", True),
        ("StringNotLike", ["a*", "b*"], "bx", False),
        ("stringequals", "a", "a", True),
        ("NumericEquals", "10", "10.0", True),
        ("NumericNotEquals", 10, "11", True),
        ("NumericLessThan", "10", "9", True),
        ("NumericLessThan", "10", "10", False),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericGreaterThan", "9", "10", True),
        ("NumericGreaterThanEquals", "11", "10", False),
        ("NumericEquals", "10", "ten", False),
        ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+00:00", True),
        ("DateNotEquals", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", True),
        ("DateLessThan", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", True),
        ("DateLessThanEquals", "2026-01-01", "2026-01-01T00:00:00Z", True),
        ("DateGreaterThan", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00:01Z", True),
        ("DateGreaterThanEquals", "1767225600", "2026-01-01T00:00:00Z", True),
        ("DateLessThan", "2026-01-01T00:00:00Z", "1767225599", True),
        ("Bool", "true", "true", True),
        ("Bool", True, "true", True),
        ("Bool", "false", "true", False),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ6", False),
        ("IpAddress", "203.0.113.0/24", "203.0.113.9", True),
        ("IpAddress", "203.0.113.0/24", "203.0.114.9", False),
        ("IpAddress", ["10.0.0.0/8", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::1", True),
        ("IpAddress", "203.0.113.7", "203.0.113.7", True),
        ("NotIpAddress", "203.0.113.0/24", "203.0.114.9", True),
        ("NotIpAddress", "203.0.113.0/24", "203.0.113.9", False),
        ("ArnEquals", "arn:aws:sns:*:123456789012:a", "arn:aws:sns:eu-central-1:123456789012:a", True),
        ("ArnLike", "arn:aws:cloudwatch:eu-central-1:*:alarm:*", "arn:aws:cloudwatch:eu-central-1:1:alarm:x:y", True),
        ("ArnLike", "arn:aws:*:a", "arn:aws:sns:eu-central-1:123456789012:a", False),
        ("ArnLike", "arn:aws:iam::123456789012:role/team-*", "arn:aws:iam::123456789012:role/team-a", True),
        ("ArnNotEquals", "arn:aws:s3:::a", "arn:aws:s3:::b", True),
        ("ArnNotLike", "arn:aws:s3:::*", "arn:aws:s3:::b", False),
    ],
)
def test_one_value(operator: str, written: Any, value: str, expected: bool) -> None:
    """One value of the call, against one or several of the policy."""
    assert holds({operator: {"k:a": written}}, k__a=value) is expected


@pytest.mark.parametrize(
    ("operator", "written", "expected"),
    [
        ("StringEquals", "a", False),
        ("StringLike", "*", False),
        ("StringNotEquals", "a", True),
        ("StringNotLike", "a", True),
        ("NumericNotEquals", "1", True),
        ("DateNotEquals", "2026-01-01", True),
        ("NotIpAddress", "10.0.0.0/8", True),
        ("ArnNotLike", "arn:aws:s3:::a", True),
        ("Bool", "false", False),
        ("NumericLessThan", "1", False),
        ("IpAddress", "0.0.0.0/0", False),
        ("StringEqualsIfExists", "a", True),
        ("BoolIfExists", "true", True),
        ("NumericGreaterThanIfExists", "5", True),
        ("Null", "true", True),
        ("Null", "false", False),
        ("Null", True, True),
        ("ForAllValues:StringEquals", ["a"], True),
        ("ForAnyValue:StringEquals", ["a"], False),
        ("ForAnyValue:StringNotEquals", ["a"], False),
        ("ForAllValues:StringNotEquals", ["a"], True),
        ("ForAnyValue:StringEqualsIfExists", ["a"], True),
    ],
)
def test_a_missing_key(operator: str, written: Any, expected: bool) -> None:
    """Only `Not…`, `…IfExists`, `Null` and `ForAllValues` are met by a key that is not there."""
    assert holds({operator: {"k:a": written}}) is expected


@pytest.mark.parametrize(
    ("operator", "written", "values", "expected"),
    [
        ("ForAllValues:StringEquals", ["a", "b", "c"], ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "x"], False),
        ("ForAllValues:StringEquals", ["a"], [], True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["x", "b"], True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["x", "y"], False),
        ("ForAnyValue:StringLike", "alias/cams-*", ["alias/other", "alias/cams-staging"], True),
        ("ForAnyValue:StringNotEquals", ["a"], ["a", "b"], True),
        ("ForAnyValue:StringNotEquals", ["a"], ["a"], False),
        ("ForAllValues:StringNotEquals", ["a", "b"], ["c", "d"], True),
        ("ForAllValues:StringNotEquals", ["a", "b"], ["c", "b"], False),
        ("ForAllValues:StringLike", "team-*", ["team-a", "team-b"], True),
        ("Null", "false", ["a", "b"], True),
        ("Null", "true", [], True),
    ],
)
def test_several_values(operator: str, written: Any, values: list[str], expected: bool) -> None:
    """Sets of values, such as tag keys and aliases."""
    assert holds({operator: {"k:a": written}}, k__a=values) is expected


def test_all_conditions_must_hold() -> None:
    """Operators and keys are joined by and, values by or."""
    both = {"StringEquals": {"k:a": ["x", "y"], "k:b": "z"}, "Bool": {"k:c": "true"}}

    assert holds(both, k__a="y", k__b="z", k__c="true")
    assert not holds(both, k__a="y", k__b="z", k__c="false")
    assert not holds(both, k__a="y", k__b="other", k__c="true")


def test_names_of_keys_know_no_case() -> None:
    """`aws:SourceIP` is `aws:SourceIp`, and a tag's name in a key is not told apart by its case."""
    assert holds({"IpAddress": {"aws:SourceIP": "10.0.0.0/8"}}, aws__sourceip="10.1.1.1")
    assert holds({"StringEquals": {"aws:PrincipalTag/Team": "a"}}, aws__PrincipalTag_S_team="a")


@pytest.mark.parametrize(
    ("written", "keys", "expected"),
    [
        ("home/${aws:username}/*", {"aws__username": "ann", "k__a": "home/ann/x"}, True),
        ("home/${aws:username}/*", {"aws__username": "ann", "k__a": "home/bob/x"}, False),
        ("home/${aws:username}/*", {"k__a": "home//x"}, False),
        ("home/${aws:username, 'all'}/*", {"k__a": "home/all/x"}, True),
        ("${aws:PrincipalTag/team}", {"aws__PrincipalTag_S_team": "a*", "k__a": "abc"}, False),
        ("a${*}", {"k__a": "a*"}, True),
        ("a${*}", {"k__a": "ab"}, False),
        ("${$}x", {"k__a": "$x"}, True),
    ],
)
def test_variables_in_conditions(written: str, keys: dict[str, str], expected: bool) -> None:
    """A variable is its value and no pattern; one without value or default is like nothing."""
    assert holds({"StringLike": {"k:a": written}}, **keys) is expected


def test_variables_need_the_newer_version() -> None:
    """In a document of 2008 `${aws:username}` is only text."""
    statement = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::bucket/${aws:username}",
    }
    old = read(json.dumps({"Version": "2008-10-17", "Statement": statement})).statements[0]
    new = read(json.dumps({"Version": "2012-10-17", "Statement": statement})).statements[0]
    context = {"aws:username": ["ann"]}

    assert new.applies("s3:GetObject", "arn:aws:s3:::bucket/ann", context)
    assert not old.applies("s3:GetObject", "arn:aws:s3:::bucket/ann", context)
    assert old.applies("s3:GetObject", "arn:aws:s3:::bucket/${aws:username}", context)


@pytest.mark.parametrize("operator", ["Foo", "StringEqual", "ForEachValue:StringEquals", "NullIfExists", "ifExists"])
def test_an_operator_that_aws_lacks(operator: str) -> None:
    """It is no condition at all."""
    with pytest.raises(ValueError, match=operator):
        holds({operator: {"k:a": "b"}})
