"""A scalar of a stack file as Go's yaml.v3 reads it, and as Pulumi's engine writes it for the program."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from math import isfinite, isinf
from typing import Any

from infra.errors import StackFileError

WORDS: dict[str, Any] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
TIME = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:(?:[Tt](\d\d?):(\d\d?):(\d\d?)(\.\d+)?(Z|[-+]\d\d:\d\d))|(?: (\d\d?):(\d\d?):(\d\d?)(\.\d+)?))?"
)


@dataclass(frozen=True)
class Time:
    """A date or a time, as Go writes it."""

    text: str


def is_text(written: str) -> bool:
    """Whether it is text without quotes, too."""
    return isinstance(resolved(written, dated=True), str)


def resolved(text: str, *, dated: bool) -> Any:
    """What is neither quoted nor tagged: a number, a switch, nothing, a time where it may be `dated`, or text."""
    if text in WORDS:
        return WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if text[0] == ".":
        return _float(text.replace("_", ""), text)
    if dated and (time := _time(text)):
        return time
    plain = text.replace("_", "")
    if whole := INTEGER.fullmatch(plain):
        sign, *digits = whole.groups()
        base, figures = next(pair for pair in zip((16, 2, 8, 10), digits, strict=True) if pair[1])
        number = int(figures, base) * (-1 if sign == "-" else 1)
        if -(2**63) <= number < (2**63 if sign else 2**64):
            return number
    return _float(plain, text)


def _float(plain: str, text: str) -> float | str:
    """Text where it is none, or larger than any."""
    number = float(plain) if FLOAT.fullmatch(plain) else None
    return text if number is None or isinf(number) else number


def _time(text: str) -> Time | None:
    match = TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day, *clock = match.groups()
    hour, minute, second, fraction, zone = clock[:5] if clock[0] else (*clock[5:9], "Z")
    offset = "+0000" if zone == "Z" else zone.replace(":", "")
    away = timedelta(hours=int(offset[:3]), minutes=int(offset[0] + offset[3:]))
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=timezone(away)
        )
    except ValueError:
        return None
    rest = (fraction or "").rstrip("0").rstrip(".")
    return Time(f"{moment:%Y-%m-%d %H:%M:%S}{rest} {offset} {'UTC' if not away else offset}")


def as_text(value: Any) -> str:
    """A setting as the engine passes it on."""
    if value is None:
        return ""
    if type(value) is int:
        return str(value)
    return value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    """As Go writes it: a whole number has no point, a very large or small one an exponent."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_json(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_json, value)) + "]"
    if type(value) is int and not -(2**63) <= value < 2**63:
        value = float(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise StackFileError(f"{value} is a number that cannot be passed on")
        if value and not 1e-6 <= abs(value) < 1e21:
            return re.sub(r"e([-+])0", r"e\1", repr(value))
        return f"{Decimal(repr(value or 0.0)):f}".removesuffix(".0")
    return json.dumps(value)
