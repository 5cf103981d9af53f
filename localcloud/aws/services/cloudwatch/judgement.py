"""What CloudWatch makes of an alarm's periods: its rule, with data missing, and the reason it gives.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Datapoint = tuple[datetime, float]  # the beginning of a period, and its statistic

_COMPARES: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
OPERATORS = tuple(_COMPARES)


@dataclass(frozen=True)
class Rule:
    """What an alarm declares of its periods."""

    operator: str
    threshold: float
    periods: int
    needed: int  # of these, how many must be over the threshold
    missing: str  # missing, ignore, breaching or notBreaching

    def breaches(self, value: float) -> bool:
        """Whether a value is one to be alarmed by."""
        return _COMPARES[self.operator][0](value, self.threshold)


@dataclass(frozen=True)
class Judgement:
    """The state that an alarm should be in, why, and the data it was judged by."""

    state: State
    reason: str
    datapoints: tuple[Datapoint, ...]  # the newest first


def judge(rule: Rule, newest_first: Sequence[Datapoint | None], current: State) -> Judgement:
    """Judge by the evaluation range, which may reach further back than the alarm's own periods."""
    there = [point for point in newest_first if point is not None][: rule.periods]
    state = _state(rule, newest_first, there, current)
    return Judgement(state, _reason(rule, there, state, current), tuple(there))


def _state(rule: Rule, newest_first: Sequence[Datapoint | None], there: Sequence[Datapoint], current: State) -> State:
    if not there:
        of_silence: dict[str, State] = {"breaching": "ALARM", "notBreaching": "OK", "ignore": current}
        return of_silence.get(rule.missing, "INSUFFICIENT_DATA")
    filled = rule.periods - len(there)
    breaching = sum(rule.breaches(value) for _, value in there)
    if breaching + (filled if rule.missing == "breaching" else 0) >= rule.needed:
        return "ALARM"
    if filled <= 0 or rule.missing in {"breaching", "notBreaching"} or breaching < len(there):
        return "OK"
    # All there is breaches, and it is less than was asked for. It is enough when it began as long ago.
    oldest = max(age for age, point in enumerate(newest_first, start=1) if point is not None)
    return "ALARM" if rule.missing == "missing" and oldest >= rule.needed else current


def _reason(rule: Rule, there: Sequence[Datapoint], state: State, before: State) -> str:
    words, missing = _COMPARES[rule.operator][1], rule.periods - len(there)
    if state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {_count(rule.periods, 'datapoint')} {_were(rule.periods)} unknown."
    if not there:
        how = "Breaching" if rule.missing == "breaching" else "NonBreaching"
        return (
            f"Threshold Crossed: no datapoints were received for {_count(rule.periods, 'period')} and "
            f"{_count(rule.periods, 'missing datapoint')} {_were(rule.periods)} treated as [{how}]."
        )
    telling = [point for point in there if rule.breaches(point[1]) == (state == "ALARM")] or list(there)
    values = ", ".join(f"{value} ({at:%d/%m/%y %H:%M:%S})" for at, value in telling)
    if state == "ALARM" and rule.missing == "breaching" and missing > 0:
        filled = f"{_count(missing, 'missing datapoint')} {_were(missing)} treated as [Breaching]"
        return f"Threshold Crossed: {_count(len(there), 'datapoint')} [{values}] and {filled}."
    were = f"{_were(len(telling))} {'' if state == 'ALARM' else 'not '}{words} the threshold ({rule.threshold})"
    change = f"(minimum {_count(_minimum(rule, state), 'datapoint')} for {before} -> {state} transition)"
    return (
        f"Threshold Crossed: {len(telling)} out of the last {_count(len(there), 'datapoint')} [{values}] "
        f"{were} {change}."
    )


def _minimum(rule: Rule, state: State) -> int:
    return rule.needed if state == "ALARM" else rule.periods - rule.needed + 1


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
