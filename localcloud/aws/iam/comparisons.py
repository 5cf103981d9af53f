"""How one value of a policy and one of a call compare, by the kind of their type."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import operator
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from localcloud.aws.iam import patterns
from localcloud.aws.iam.patterns import Part

Comparison = Callable[[Sequence[Part], str], bool]  # what the policy says, what the call has


def _text(parts: Sequence[Part]) -> str:
    return parts[0][0] if len(parts) == 1 else "".join(text for text, _ in parts)


def _equals(parts: Sequence[Part], value: str) -> bool:
    return _text(parts) == value


def _equals_in_any_case(parts: Sequence[Part], value: str) -> bool:
    return _text(parts).casefold() == value.casefold()


def _like(parts: Sequence[Part], value: str) -> bool:
    return patterns.glob(parts).fullmatch(value) is not None


def _bool(parts: Sequence[Part], value: str) -> bool:
    return _text(parts).lower() == value.lower()


def _binary(parts: Sequence[Part], value: str) -> bool:
    try:
        return base64.b64decode(_text(parts), validate=True) == base64.b64decode(value, validate=True)
    except binascii.Error:
        return False


def _ip(parts: Sequence[Part], value: str) -> bool:
    network = _network(_text(parts))
    try:
        return network is not None and ipaddress.ip_address(value) in network
    except ValueError:
        return False


@lru_cache(maxsize=256)
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _by(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Comparison:
    def comparison(parts: Sequence[Part], value: str) -> bool:
        try:
            return compare(read(value), read(_text(parts)))
        except ValueError:
            return False

    return comparison


@lru_cache(maxsize=256)
def moment(text: str) -> datetime:
    """A date of a policy, which is ISO 8601 or seconds since 1970."""
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        read = datetime.fromisoformat(text)
        return read if read.tzinfo else read.replace(tzinfo=UTC)


_ORDERS = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}
COMPARISONS: dict[str, Comparison] = {
    "StringEquals": _equals,
    "StringEqualsIgnoreCase": _equals_in_any_case,
    "StringLike": _like,
    **{f"Numeric{name}": _by(float, order) for name, order in _ORDERS.items()},
    **{f"Date{name}": _by(moment, order) for name, order in _ORDERS.items()},
    "Bool": _bool,
    "BinaryEquals": _binary,
    "IpAddress": _ip,
    "ArnEquals": patterns.like_arn,
    "ArnLike": patterns.like_arn,
}
