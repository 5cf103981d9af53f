"""What a value has to be beyond its kind: small checks that fields name, in the words of Terraform's validators.

The real plugins are those providers, bridged: an error that people look up is found under the same words. A check is
given the property's name and value, and returns the reason for refusing it, or None.
https://pkg.go.dev/github.com/hashicorp/terraform-plugin-sdk/v2/helper/validation
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sized
from typing import Any

Check = Callable[[str, Any], "str | None"]


def one_of(*allowed: str) -> Check:
    """One of these words."""
    shown = " ".join(f'"{each}"' for each in allowed)
    return lambda name, value: None if value in allowed else f"expected {name} to be one of [{shown}], got {value}"


def between(low: int, high: int) -> Check:
    """A number, its ends included."""
    return lambda name, value: (
        None if low <= value <= high else f"expected {name} to be in the range ({low} - {high}), got {value}"
    )


def at_least(low: int) -> Check:
    """A number without an upper end."""
    return lambda name, value: None if value >= low else f"expected {name} to be at least ({low}), got {value}"


def exactly(wanted: int) -> Check:
    """One number, for `any_of`."""
    return lambda name, value: None if value == wanted else f"expected {name} to be one of [{wanted}], got {value}"


def divisible_by(divisor: int) -> Check:
    """A multiple."""
    return lambda name, value: (
        None if value % divisor == 0 else f"expected {name} to be divisible by {divisor}, got: {value}"
    )


def length(low: int, high: int) -> Check:
    """A text of so many characters."""
    return lambda name, value: (
        None
        if low <= len(value) <= high
        else f"expected length of {name} to be in the range ({low} - {high}), got {value}"
    )


def matches(pattern: str, words: str) -> Check:
    """A text of which the whole has that form."""
    form = re.compile(pattern)
    return lambda name, value: None if form.fullmatch(value) else f"invalid value for {name} ({words})"


def not_starting_with(prefix: str, words: str) -> Check:
    """A text that leaves that beginning to AWS."""
    return lambda name, value: f"invalid value for {name} ({words})" if value.lower().startswith(prefix) else None


def at_most(items: int) -> Check:
    """A list of so many."""

    def check(name: str, value: Sized) -> str | None:
        there = len(value)
        return (
            None
            if there <= items
            else f"Attribute {name} supports {items} item maximum, but config has {there} declared"
        )

    return check


def any_of(*checks: Check) -> Check:
    """What at least one of them takes; else what all of them say."""

    def check(name: str, value: Any) -> str | None:
        reasons = [reason for each in checks if (reason := each(name, value))]
        return ", ".join(reasons) if len(reasons) == len(checks) else None

    return check


def arn(name: str, value: str) -> str | None:
    """An ARN: six parts, a partition of AWS, and something at the end."""
    parts = value.split(":", 5)
    if parts[0] != "arn":
        return f'"{name}" ({value}) is an invalid ARN: arn: invalid prefix'
    if len(parts) < 6:
        return f'"{name}" ({value}) is an invalid ARN: arn: not enough sections'
    _, partition, _, region, account, resource = parts
    if not re.fullmatch(r"aws(-[a-z]+)*", partition):
        return f'"{name}" ({value}) is an invalid ARN: invalid partition value'
    if region and not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d{1,2}", region):
        return f'"{name}" ({value}) is an invalid ARN: invalid region value'
    if account and not re.fullmatch(r"(aws|aws-managed|third-party|aws-marketplace|\d{12}|cw.{10})", account):
        return f'"{name}" ({value}) is an invalid ARN: invalid account ID value'
    return None if resource else f'"{name}" ({value}) is an invalid ARN: missing resource value'


def https_url(name: str, value: str) -> str | None:
    """The address of an issuer of tokens."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://[^/\s]+.*", value):
        return f'"{name}" has to be a valid URL'
    if not value.startswith("https://"):
        return f'"{name}" has to use HTTPS scheme (i.e. begin with https://)'
    return f'"{name}" cannot contain query parameters per the OIDC standard' if "?" in value else None


def in_snake_case(path: str) -> str:
    """The provider's own name of a property: the last of the path, without its place in a list."""
    last = re.sub(r"\[\d+\]$", "", path.rpartition(".")[2])
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", last).lower()
