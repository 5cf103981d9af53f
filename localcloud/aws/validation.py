"""What a service's model says of its parameters: lengths, ranges, patterns and enumerations, checked as AWS does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from moto.core.utils import get_service_model

from localcloud.aws.replies import AwsError, same

# The code of a value that breaks a rule of the model, where it is not `ValidationException`.
_CODES = {
    "iam": "ValidationError",
    "sts": "ValidationError",
    "cloudwatch": "ValidationError",
    "sns": "ValidationError",
    "ecr": "InvalidParameterException",
    "logs": "InvalidParameterException",
}
# Unicode's classes, which Python's expressions lack; a pattern with others is not checked.
_CLASSES = {r"\p{L}": r"\w", r"\p{N}": r"\d", r"\p{Z}": r" \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"}
# Where a service is narrower than its model says: the least and the most.
_NARROWER = {("kms", "ScheduleKeyDeletion", "PendingWindowInDays"): (7, 30)}
_FORMS = {
    ("secretsmanager", "CreateSecret", "Name"): "[A-Za-z0-9/_+=.@!-]+",
    ("ssm", "GetParametersByPath", "Path"): "/.*",
}
_NEEDED = {("kms", "GenerateRandom"): "NumberOfBytes", ("kms", "ReEncrypt"): "CiphertextBlob"}
Breach = tuple[str, Any, str]  # member, value, rule


def check(service: str, action: str, parameters: Mapping[str, Any]) -> None:
    """Refuse a call with values that the service's model does not allow; all of them are named at once.

    Raises the service's AwsError. https://smithy.io/2.0/spec/constraint-traits.html
    """
    model = get_service_model(service)
    shape = model.operation_model(action).input_shape if action in model.operation_names else None
    breaches = list(_breaches("", shape, parameters)) if shape else []
    breaches += _narrower(service, action, parameters)
    if breaches:
        raise _error(service, breaches)


def _breaches(path: str, shape: Any, value: Any) -> Iterator[Breach]:
    yield from _own_breaches(path, shape, value)
    if shape.type_name == "structure" and isinstance(value, Mapping):
        for name in shape.metadata.get("required", ()):
            if value.get(name) is None:
                yield _member(path, name), None, "Member must not be null"
        for name, member in shape.members.items():
            if value.get(name) is not None and _is_bound(member):
                yield from _breaches(_member(path, name), member, value[name])
    elif shape.type_name == "list" and isinstance(value, list) and _is_bound(shape.member):
        for number, each in enumerate(value, 1):
            yield from _breaches(f"{path}.{number}.member", shape.member, each)
    elif shape.type_name == "map" and isinstance(value, Mapping):
        for key, each in value.items():
            yield from _breaches(path, shape.key, key)
            yield from _breaches(f"{path}.{key}.member", shape.value, each)


def _own_breaches(path: str, shape: Any, value: Any) -> Iterator[Breach]:
    rules = shape.metadata
    shown = None if rules.get("sensitive") else value
    least, most = rules.get("min"), rules.get("max")
    if shape.type_name in ("integer", "long", "float", "double"):
        kind, size = "value", value
    elif isinstance(value, str | bytes | list | Mapping):
        kind, size = "length", len(value)
    else:
        return
    if isinstance(size, int | float):
        if least is not None and size < least:
            yield path, shown, f"Member must have {kind} greater than or equal to {least}"
        if most is not None and size > most:
            yield path, shown, f"Member must have {kind} less than or equal to {most}"
    if isinstance(value, str):
        if rules.get("enum") and value not in rules["enum"]:
            yield path, shown, f"Member must satisfy enum value set: [{', '.join(rules['enum'])}]"
        pattern = _pattern(rules["pattern"]) if rules.get("pattern") else None
        if pattern and not pattern.fullmatch(value):
            yield path, shown, f"Member must satisfy regular expression pattern: {rules['pattern']}"


def _narrower(service: str, action: str, parameters: Mapping[str, Any]) -> Iterator[Breach]:
    needed = _NEEDED.get((service, action))
    if needed and parameters.get(needed) is None:
        yield _member("", needed), None, "Member must not be null"
    for (of_service, of_action, name), form in _FORMS.items():
        value = parameters.get(name) if (of_service, of_action) == (service, action) else None
        if isinstance(value, str) and not re.fullmatch(form, value):
            yield _member("", name), value, f"Member must satisfy regular expression pattern: {form}"
    for (of_service, of_action, name), (least, most) in _NARROWER.items():
        value = parameters.get(name) if (of_service, of_action) == (service, action) else None
        if value is not None and value < least:
            yield _member("", name), value, f"Member must have value greater than or equal to {least}"
        if value is not None and value > most:
            yield _member("", name), value, f"Member must have value less than or equal to {most}"


def _is_bound(shape: Any) -> bool:
    """Whether anything in a shape has a rule; most have none, and are not walked through."""
    found = vars(shape).get("slipway_bound")
    if found is None:
        found = vars(shape)["slipway_bound"] = _has_rule(shape, frozenset())
    return bool(found)


def _has_rule(shape: Any, seen: frozenset[str]) -> bool:
    if shape.name in seen:
        return False
    if any(shape.metadata.get(rule) for rule in ("min", "max", "pattern", "enum", "required")):
        return True
    within = seen | {shape.name}
    if shape.type_name == "structure":
        return any(_has_rule(member, within) for member in shape.members.values())
    if shape.type_name == "list":
        return _has_rule(shape.member, within)
    return shape.type_name == "map" and (_has_rule(shape.key, within) or _has_rule(shape.value, within))


@cache
def _pattern(written: str) -> re.Pattern[str] | None:
    everywhere = written
    for java, python in _CLASSES.items():
        everywhere = everywhere.replace(java, python)
    try:
        return re.compile(everywhere, re.ASCII if everywhere == written else 0)
    except re.error:
        return None  # Java's dialect says what Python's cannot


def _member(path: str, name: str) -> str:
    small = name if name.isupper() else name[0].lower() + name[1:]
    return f"{path}.{small}" if path else small


def _error(service: str, breaches: list[Breach]) -> AwsError:
    code = _CODES.get(service, "ValidationException")
    if service == "ecr":
        member, _, rule = breaches[0]
        rule = rule.removeprefix("Member ")
        return same(code, 400, f"Invalid parameter at '{member}' failed to satisfy constraint: '{rule}'")
    words = "; ".join(f"{_value(*breach)} failed to satisfy constraint: {breach[2]}" for breach in breaches)
    plural = "s" if len(breaches) > 1 else ""
    return same(code, 400, f"{len(breaches)} validation error{plural} detected: {words}")


def _value(member: str, value: Any, rule: str) -> str:
    if value is None and rule.endswith("not be null"):
        return f"Value null at '{member}'"
    if value is None:
        return f"Value at '{member}'"  # a secret
    text = f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
    return f"Value '{text}' at '{member}'"
