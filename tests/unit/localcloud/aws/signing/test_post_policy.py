"""What the policy of a form lets through."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from localcloud.aws.replies import AwsError
from localcloud.aws.signing import post_policy

END = "2099-01-01T00:00:00Z"
FIELDS = {"key": "in/a.txt", "bucket": "b", "content-type": "image/png"}
COVERED: list[Any] = [{"bucket": "b"}, ["starts-with", "$key", "in/"], ["starts-with", "$Content-Type", "image/"]]


def encoded(said: Any) -> str:
    """As it stands in a form."""
    return base64.b64encode(json.dumps(said).encode()).decode()


def code_of(conditions: Any, fields: dict[str, str], size: int = 4, end: str = END) -> str:
    """The code with which a form is refused; empty where it is let through."""
    try:
        post_policy.read(encoded({"expiration": end, "conditions": conditions})).check(fields, size)
    except AwsError as error:
        return error.s3[0]
    return ""


def test_every_form_of_a_condition() -> None:
    """An object for what is equal, a list with an operator, a prefix that may be empty, a range of sizes."""
    conditions = [
        {"bucket": "b", "acl": "private"},
        ["eq", "$key", "in/a.txt"],
        ["starts-with", "$CONTENT-TYPE", ""],
        ["content-length-range", 1, "4"],
    ]

    assert code_of(conditions, {**FIELDS, "acl": "private"}) == ""


@pytest.mark.parametrize(
    ("conditions", "fields", "size", "code"),
    [
        (COVERED, {**FIELDS, "key": "out/a"}, 4, "AccessDenied"),
        (COVERED, {**FIELDS, "content-type": "text/html"}, 4, "AccessDenied"),
        (COVERED, {**FIELDS, "acl": "public-read"}, 4, "AccessDenied"),
        (COVERED, {**FIELDS, "x-amz-meta-a": "1"}, 4, "AccessDenied"),
        (COVERED, {**FIELDS, "bucket": "c"}, 4, "AccessDenied"),
        (COVERED, {**FIELDS, "bucket": "b-and-more"}, 4, "AccessDenied"),
        ([*COVERED, ["eq", "$acl", "public"]], {**FIELDS, "acl": "public-read"}, 4, "AccessDenied"),
        (COVERED[1:], FIELDS, 4, "AccessDenied"),
        ([*COVERED, ["eq", "$acl", "private"]], FIELDS, 4, "AccessDenied"),
        ([*COVERED, ["content-length-range", 5, 9]], FIELDS, 4, "EntityTooSmall"),
        ([*COVERED, ["content-length-range", 0, 3]], FIELDS, 4, "EntityTooLarge"),
        (COVERED, {**FIELDS, "x-ignore-a": "1", "policy": "p", "x-amz-signature": "s"}, 4, ""),
    ],
)
def test_what_a_policy_lets_through(conditions: Any, fields: dict[str, str], size: int, code: str) -> None:
    """Each condition holds, and every field has one."""
    assert code_of(conditions, fields, size) == code


@pytest.mark.parametrize(
    "conditions",
    [
        None,
        {},
        [["eq", "$key"]],
        [["eq", "key", "a"]],
        [["ends-with", "$key", "a"]],
        [["content-length-range", 1]],
        [["content-length-range", "one", 2]],
        [{"key": 1}],
        [{}],
        [[]],
        ["key"],
    ],
)
def test_conditions_that_are_none(conditions: Any) -> None:
    """A policy that cannot be understood lets nothing through."""
    assert code_of(conditions, FIELDS) == "InvalidPolicyDocument"


@pytest.mark.parametrize("end", ["tomorrow", "2099-01-01", "", "2099-13-01T00:00:00Z"])
def test_an_end_that_is_none(end: str) -> None:
    """It is a moment in UTC."""
    assert code_of(COVERED, FIELDS, end=end) == "InvalidPolicyDocument"


@pytest.mark.parametrize("policy", ["%", "e", encoded([]), encoded({"conditions": []}), encoded("x")])
def test_a_policy_that_is_none(policy: str) -> None:
    """It is JSON in base64, an object with an end and with conditions."""
    with pytest.raises(AwsError) as error:
        post_policy.read(policy)

    assert error.value.s3 == ("InvalidPolicyDocument", 400)


def test_a_policy_that_is_over() -> None:
    """It says so."""
    assert code_of(COVERED, FIELDS, end="2020-01-01T00:00:00Z") == "AccessDenied"
