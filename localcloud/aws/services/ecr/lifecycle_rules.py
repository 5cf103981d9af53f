"""Which rules of a lifecycle policy ECR takes: what moto leaves out, each rule and all of them together.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.ecr.exceptions import InvalidParameterException
from moto.ecr.policy_validation import EcrLifecyclePolicyValidator

_LISTS = ("tagPrefixList", "tagPatternList")
_START = EcrLifecyclePolicyValidator.INVALID_PARAMETER_ERROR_MESSAGE


def install() -> None:
    """Look at the rules after moto has."""
    validator: Any = EcrLifecyclePolicyValidator
    validate = validator.validate

    def validate_rules(self: Any) -> None:
        validate(self)
        for problem in (*map(_alone, self._rules), _together(self._rules)):
            if problem:
                raise InvalidParameterException(f"{_START}{problem}'")

    validator.validate = validate_rules


def _alone(rule: Mapping[str, Any]) -> str | None:
    selection = rule["selection"]
    lists = [name for name in _LISTS if selection.get(name)]
    if selection["tagStatus"] == "tagged" and len(lists) != 1:
        return "a rule for tagged images must have either tagPrefixList or tagPatternList"
    if selection["tagStatus"] != "tagged" and lists:
        return f"{lists[0]} is only allowed where tagStatus is tagged"
    if (selection["countType"] == "sinceImagePushed") is not ("countUnit" in selection):
        return "countUnit is required where countType is sinceImagePushed, and not allowed otherwise"
    if not isinstance(rule["rulePriority"], int) or rule["rulePriority"] < 1:
        return "rulePriority must be an integer greater than or equal to 1"
    return None


def _together(rules: Sequence[Mapping[str, Any]]) -> str | None:
    priorities = [rule["rulePriority"] for rule in rules]
    if len(set(priorities)) < len(priorities):
        return "rulePriority must be unique"
    others = [rule["rulePriority"] for rule in rules if rule["selection"]["tagStatus"] == "any"]
    if len(others) > 1 or (others and others[0] != max(priorities)):
        return "one rule may have the tagStatus any, and it must have the highest rulePriority"
    return None
