"""The policy of a form that a browser posts: until when, and with which fields, its signer lets others upload.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from localcloud.aws.replies import AwsError
from localcloud.aws.signing.errors import refuse
from localcloud.machine import clock

_UNCOVERED = ("x-amz-signature", "file", "policy", "awsaccesskeyid", "signature")
_RANGE = "content-length-range"


@dataclass(frozen=True)
class Policy:
    """What a form may hold. Each condition is an operator, a field's name in small letters, and a value."""

    expires: datetime
    conditions: tuple[tuple[str, str, str], ...]
    sizes: tuple[int, int] | None

    def signed_at(self, moment: datetime) -> Policy:
        """The same in the cloud's time: whoever made it lives in the machine's, also when it says the end."""
        return replace(self, expires=clock.virtual_at(moment) + (self.expires - moment))

    def check(self, fields: Mapping[str, str], size: int) -> None:
        """Raise the AwsError that S3 answers to a form that its policy does not allow.

        `fields` have their names in small letters, the bucket's name among them.
        """
        if clock.now() > self.expires:
            raise _denied("Policy expired.")
        for operator, name, value in self.conditions:
            given = fields.get(name, "")
            if not (given == value if operator == "eq" else given.startswith(value)):
                raise _denied(f'Policy Condition failed: ["{operator}", "${name}", "{value}"]')
        covered = {name for _, name, _ in self.conditions}
        extra = [name for name in fields if name not in covered and _must_be_covered(name)]
        if extra:
            raise _denied(f"Extra input fields: {', '.join(extra)}")
        if self.sizes:
            _check_size(size, *self.sizes)


def read(encoded: str) -> Policy:
    """A policy as it stands in a form: JSON in base64. InvalidPolicyDocument where it is none."""
    try:
        said = json.loads(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise _invalid("Invalid JSON.") from None
    if not isinstance(said, dict) or "expiration" not in said:
        raise _invalid("Policy missing expiration.")
    if not isinstance(said.get("conditions"), list):
        raise _invalid("Policy missing conditions.")
    if unknown := set(said) - {"expiration", "conditions"}:
        raise _invalid(f"Unexpected: '{min(unknown)}'.")
    conditions: list[tuple[str, str, str]] = []
    sizes = None
    for condition in said["conditions"]:
        if isinstance(condition, list) and condition and str(condition[0]).lower() == _RANGE:
            sizes = _sizes(condition)
        else:
            conditions += _condition(condition)
    return Policy(_expiration(said["expiration"]), tuple(conditions), sizes)


def _condition(said: Any) -> list[tuple[str, str, str]]:
    if isinstance(said, dict):
        if not said or not all(isinstance(value, str) for value in said.values()):
            raise _invalid("Invalid Simple-Condition: value must be a string.")
        return [("eq", name.lower(), value) for name, value in said.items()]
    if not isinstance(said, list) or len(said) != 3 or not all(isinstance(part, str) for part in said):
        raise _invalid("Invalid Condition: wrong number of arguments, or one that is no string.")
    operator, name, value = said
    if operator.lower() not in ("eq", "starts-with"):
        raise _invalid(f"Invalid Condition: unknown operation '{operator}'.")
    if not name.startswith("$"):
        raise _invalid(f"Invalid Condition: '{name}' must begin with '$'.")
    return [(operator.lower(), name[1:].lower(), value)]


def _sizes(condition: list[Any]) -> tuple[int, int]:
    try:
        _, least, most = condition
        return int(least), int(most)
    except (TypeError, ValueError):
        raise _invalid("Invalid content-length-range: two whole numbers are needed.") from None


def _expiration(said: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(said))
    except ValueError:
        moment = None
    if moment is None or not str(said).endswith("Z"):
        raise _invalid(f"Invalid 'expiration' value: '{said}'")
    return moment.astimezone(UTC)


def _must_be_covered(name: str) -> bool:
    return name not in _UNCOVERED and not name.startswith("x-ignore-")


def _check_size(size: int, least: int, most: int) -> None:
    if size > most:
        message = "Your proposed upload exceeds the maximum allowed size"
        raise refuse("EntityTooLarge", 400, message, ProposedSize=str(size), MaxSizeAllowed=str(most))
    if size < least:
        message = "Your proposed upload is smaller than the minimum allowed size"
        raise refuse("EntityTooSmall", 400, message, ProposedSize=str(size), MinSizeAllowed=str(least))


def _denied(why: str) -> AwsError:
    return refuse("AccessDenied", 403, f"Invalid according to Policy: {why}")


def _invalid(why: str) -> AwsError:
    return refuse("InvalidPolicyDocument", 400, f"Invalid Policy: {why}")
