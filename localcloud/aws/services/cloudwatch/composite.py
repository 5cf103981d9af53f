"""Alarms made of other alarms: the language of their rules, and what one comes to.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from localcloud.aws.replies import AwsError, same
from localcloud.aws.services.cloudwatch.transitions import change

Truth = Callable[[Mapping[str, Any]], bool]

_STATE_OF = r"(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(\"[^\"]+\"|[^\s()\"]+)\s*\)"
_WORD = re.compile(rf"\s*(?:{_STATE_OF}|(AND|OR|NOT|TRUE|FALSE|[()]))")


def settle(alarm: Any, others: Mapping[str, Any], account: str) -> bool:
    """Put the alarm into the state that its rule says; whether it changed."""
    state = "ALARM" if parse(alarm.rule)(others) else "OK"
    if state == alarm.state_value:
        return False
    named = [others[name] for name in sorted({name for _, name in _asked(alarm.rule)}) if name in others]
    children = [{"arn": child.alarm_arn, "state": {"value": child.state_value}} for child in named]
    reason = f"{alarm.rule} is {'TRUE' if state == 'ALARM' else 'FALSE'}"
    change(alarm, account, state, reason, json.dumps({"triggeringAlarms": children}))
    return True


def parse(rule: str) -> Truth:
    """What a rule says, of alarms by their names. AwsError where it cannot be read."""
    words, place = [], 0
    while rule[place:].strip():
        match = _WORD.match(rule, place)
        if match is None:
            raise _unreadable(rule)
        words.append((match[1], _name(match[2])) if match[1] else (match[3], ""))
        place = match.end()
    truth, rest = _either(words, rule)
    if rest:
        raise _unreadable(rule)
    return truth


def check(rule: str, name: str, others: Mapping[str, Any]) -> None:
    """Refuse a rule that cannot be read, or that is about an alarm that is not there, or about itself."""
    parse(rule)
    for _, asked in _asked(rule):
        if asked not in others or asked == name:
            why = f"Could not save the composite alarm as alarm {asked} in the alarm rule does not exist"
            raise same("ValidationError", 400, why)


def _asked(rule: str) -> list[tuple[str, str]]:
    return [(match[1], _name(match[2])) for match in _WORD.finditer(rule) if match[1]]


def _name(written: str) -> str:
    return written.strip('"').rpartition(":alarm:")[2]


def _either(words: list[tuple[str, str]], rule: str) -> tuple[Truth, list[tuple[str, str]]]:
    left, rest = _both(words, rule)
    while rest and rest[0][0] == "OR":
        right, rest = _both(rest[1:], rule)
        left = _or(left, right)
    return left, rest


def _both(words: list[tuple[str, str]], rule: str) -> tuple[Truth, list[tuple[str, str]]]:
    left, rest = _one(words, rule)
    while rest and rest[0][0] == "AND":
        right, rest = _one(rest[1:], rule)
        left = _and(left, right)
    return left, rest


def _one(words: list[tuple[str, str]], rule: str) -> tuple[Truth, list[tuple[str, str]]]:
    if not words:
        raise _unreadable(rule)
    (word, name), rest = words[0], words[1:]
    if word == "NOT":
        truth, rest = _one(rest, rule)
        return (lambda alarms: not truth(alarms)), rest
    if word == "(":
        truth, rest = _either(rest, rule)
        if not rest or rest[0][0] != ")":
            raise _unreadable(rule)
        return truth, rest[1:]
    if word in {"TRUE", "FALSE"}:
        return (lambda _: word == "TRUE"), rest
    if name:
        return (lambda alarms: name in alarms and alarms[name].state_value == word), rest
    raise _unreadable(rule)


def _or(left: Truth, right: Truth) -> Truth:
    return lambda alarms: left(alarms) or right(alarms)


def _and(left: Truth, right: Truth) -> Truth:
    return lambda alarms: left(alarms) and right(alarms)


def _unreadable(rule: str) -> AwsError:
    return same("ValidationError", 400, f"AlarmRule must be a valid alarm rule expression: {rule}")
