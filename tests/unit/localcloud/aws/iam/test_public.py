"""Which policies are public: they let in people who are not named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.aws.iam.public import is_public


def policy(**more: Any) -> str:
    """One statement that lets everybody read, but for what is said."""
    return json.dumps({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", **more}})


@pytest.mark.parametrize(
    ("said", "public"),
    [
        ({}, True),
        ({"Effect": "Deny"}, False),
        ({"Principal": {"AWS": ["123456789012", "*"]}}, True),
        ({"Principal": {"AWS": "123456789012"}}, False),
        ({"Principal": {"Service": "cloudtrail.amazonaws.com"}}, False),
        ({"Principal": None, "NotPrincipal": {"AWS": "123456789012"}}, True),
    ],
)
def test_who_is_let_in(said: dict[str, Any], public: bool) -> None:
    """Everybody, or all but some; a denial lets nobody in."""
    assert is_public(policy(**said)) is public


@pytest.mark.parametrize(
    ("condition", "public"),
    [
        ({"StringEquals": {"aws:SourceAccount": "123456789012"}}, False),
        ({"StringEquals": {"AWS:SourceAccount": ["123456789012", "210987654321"]}}, False),
        ({"StringEquals": {"aws:SourceAccount": ["123456789012", "*"]}}, True),
        ({"StringLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/*"}}, True),
        ({"StringLike": {"aws:userId": "${aws:username}"}}, True),
        ({"StringEqualsIfExists": {"aws:SourceAccount": "123456789012"}}, True),
        ({"StringNotEquals": {"aws:SourceAccount": "123456789012"}}, True),
        ({"ArnNotLike": {"aws:SourceArn": "arn:aws:s3:::b"}}, True),
        ({"Null": {"aws:SourceVpc": "false"}}, True),
        ({"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": "o-1/r-1/ou-1/"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"StringEquals": {"s3:x-amz-acl": "private"}}, True),
    ],
)
def test_a_condition_that_names_somebody_narrows(condition: dict[str, Any], public: bool) -> None:
    """By a fixed value, which must be met."""
    assert is_public(policy(Condition=condition)) is public


@pytest.mark.parametrize(
    ("addresses", "public"),
    [
        ("203.0.113.0/24", False),
        ("10.0.0.0/8", False),
        ("10.0.0.0/7", True),
        ("0.0.0.0/0", True),
        ("2001:db8::/32", False),
        ("2001:d00::/31", True),
        (["203.0.113.7", "0.0.0.0/1"], True),
        ("anywhere", True),
    ],
)
def test_addresses_narrow_where_they_are_few(addresses: Any, public: bool) -> None:
    """A block is narrow from /8 on, of IPv6 from /32 on."""
    assert is_public(policy(Condition={"IpAddress": {"aws:SourceIp": addresses}})) is public


def test_not_that_address_is_everybody() -> None:
    """All others are let in."""
    assert is_public(policy(Condition={"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}))
