"""The tokens with which listings go on: one that nobody was given is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from localcloud.aws.replies import AwsError, same

_MEMBERS = ("NextToken", "nextToken", "Marker")
_CODES = {
    "cloudwatch": "InvalidNextToken",
    "ecr": "InvalidParameterException",
    "iam": "ValidationError",
    "kms": "InvalidMarkerException",
    "logs": "InvalidParameterException",
    "secretsmanager": "InvalidNextTokenException",
    "sns": "InvalidParameter",
    "ssm": "InvalidNextToken",
}
_NAMES = ("events", "logs")  # whose tokens may be names of things
_GIVEN = re.compile(r"\d+|[A-Za-z0-9+/=_-]{16,}")  # a place in a list, or what a paginator wrote


def check(service: str, parameters: Mapping[str, Any]) -> None:
    """Raise the service's AwsError for a token that cannot be one of this cloud's."""
    for member, token in _tokens(parameters):
        if service not in _NAMES and not _GIVEN.fullmatch(token):
            raise _invalid(service, member)


def refusal(service: str, parameters: Mapping[str, Any], error: Exception) -> AwsError | None:
    """What is answered where moto failed with a token that only looked like one; None where it was not that."""
    for member, token in _tokens(parameters):
        if isinstance(error, ValueError) and repr(token) in str(error):
            return _invalid(service, member)
    return None


def _tokens(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(member, parameters[member]) for member in _MEMBERS if isinstance(parameters.get(member), str)]


def _invalid(service: str, member: str) -> AwsError:
    return same(_CODES.get(service, "ValidationException"), 400, f"Invalid parameter: {member}")
