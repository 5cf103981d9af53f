"""The rules of the services' models, and the words of their breaches."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.aws import validation
from localcloud.aws.replies import AwsError

ROLE = {"RoleName": "r", "AssumeRolePolicyDocument": "{}"}


def refusal(service: str, action: str, **given: Any) -> tuple[str, str]:
    """The code and the message of a call with these values."""
    with pytest.raises(AwsError) as error:
        validation.check(service, action, given)
    return error.value.query[0], error.value.message


@pytest.mark.parametrize(
    ("given", "breach"),
    [
        ({"RoleName": "r" * 65}, f"Value '{'r' * 65}' at 'roleName' failed: length less than or equal to 64"),
        (
            {"MaxSessionDuration": 60},
            "Value '60' at 'maxSessionDuration' failed: value greater than or equal to 3600",
        ),
        (
            {"Tags": [{"Key": "a", "Value": "b"}, {"Key": "", "Value": "b"}]},
            "Value '' at 'tags.2.member.key' failed: length greater than or equal to 1",
        ),
    ],
)
def test_a_value_that_breaks_a_rule(given: dict[str, Any], breach: str) -> None:
    """Its member, its value and the rule are named."""
    code, message = refusal("iam", "CreateRole", **{**ROLE, **given})

    assert code == "ValidationError"
    assert breach.replace(" failed: ", " failed to satisfy constraint: Member must have ") in message


def test_all_breaches_are_told_at_once() -> None:
    """Their number comes first."""
    _, message = refusal("iam", "CreateRole", RoleName="a b", MaxSessionDuration=60)

    assert message.startswith("3 validation errors detected: ")
    assert "Value null at 'assumeRolePolicyDocument' failed to satisfy constraint: Member must not be null" in message
    assert r"Member must satisfy regular expression pattern: [\w+=,.@-]+" in message


@pytest.mark.parametrize(
    ("service", "action", "given", "code"),
    [
        ("kms", "ScheduleKeyDeletion", {"KeyId": "k", "PendingWindowInDays": 3}, "ValidationException"),
        ("kms", "ScheduleKeyDeletion", {"KeyId": "k", "PendingWindowInDays": 31}, "ValidationException"),
        ("ecr", "CreateRepository", {"repositoryName": "SHOUTED"}, "InvalidParameterException"),
        ("logs", "CreateLogGroup", {"logGroupName": "a b"}, "InvalidParameterException"),
        ("ssm", "PutParameter", {"Name": "n", "Value": "v", "Type": "Number"}, "ValidationException"),
        ("events", "PutRule", {"Name": "a b"}, "ValidationException"),
    ],
)
def test_each_service_has_its_code(service: str, action: str, given: dict[str, Any], code: str) -> None:
    """As its SDK's users know it."""
    assert refusal(service, action, **given)[0] == code


def test_a_secret_value_is_not_repeated() -> None:
    """The answer would be a place to read it."""
    _, message = refusal("secretsmanager", "CreateSecret", Name="n", SecretString="canary" * 20_000)

    assert "Value at 'secretString' failed" in message
    assert "canary" not in message


@pytest.mark.parametrize(
    ("service", "action", "given"),
    [
        ("iam", "CreateRole", {**ROLE, "Tags": [{"Key": "Größe", "Value": ""}]}),
        ("iam", "ListRoles", {}),
        ("kms", "ScheduleKeyDeletion", {"KeyId": "k"}),
        ("iam", "NoSuchAction", {"a": 1}),
    ],
)
def test_good_values_pass(service: str, action: str, given: dict[str, Any]) -> None:
    """Also letters that are not ASCII, where AWS takes them; unknown actions are told elsewhere."""
    validation.check(service, action, given)
