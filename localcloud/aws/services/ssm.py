"""SSM: without EC2, in a shape that can be saved, and with values as long as their tier takes."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable
from types import ModuleType
from typing import Any, NoReturn

from localcloud.aws.replies import same

LONGEST = {"Standard": 4096, "Advanced": 8192, "Intelligent-Tiering": 8192}  # bytes of a value, by its tier


class _NoInstances:
    """Stands for EC2's backends, which this cloud does not have."""

    def __getitem__(self, account: str) -> NoReturn:
        raise NotImplementedError("EC2 instances")


def install() -> None:
    """Keep EC2 out, then replace a lambda, which can't be pickled."""
    # moto's SSM imports EC2, 80 MB and most of a second, for one call on EC2 instances.
    ec2 = ModuleType("moto.ec2")
    ec2.ec2_backends = _NoInstances()  # type: ignore[attr-defined] # a module made at run time
    sys.modules.setdefault("moto.ec2", ec2)
    from moto.ssm import models

    ssm: Any = models
    begin = ssm.SimpleSystemManagerBackend.__init__

    def __init__(self: Any, region_name: str, account_id: str) -> None:  # noqa: N807 # it is one
        begin(self, region_name, account_id)
        self._resource_tags = defaultdict(dict_of_dicts)

    put = ssm.SimpleSystemManagerBackend.put_parameter

    def put_parameter(self: Any, name: str, description: str, value: str, *others: Any, **named: Any) -> Any:
        _check_length(value, named.get("tier") or "Standard")
        _check_nesting(value)
        return put(self, name, description, value, *others, **named)

    backend: Any = ssm.SimpleSystemManagerBackend
    backend.__init__ = __init__
    backend.put_parameter = _leaving_nothing(put_parameter)
    backend.label_parameter_version = _leaving_nothing(backend.label_parameter_version)
    backend.unlabel_parameter_version = _leaving_nothing(backend.unlabel_parameter_version)


def _leaving_nothing(operation: Callable[..., Any]) -> Callable[..., Any]:
    """moto's look for a name that is missing leaves it behind with no version; the next call stumbles."""

    def looked(self: Any, name: str, *others: Any, **named: Any) -> Any:
        try:
            return operation(self, name, *others, **named)
        finally:
            if not dict.get(self._parameters, name):
                dict.pop(self._parameters, name, None)

    return looked


def _check_length(value: str, tier: str) -> None:
    longest = LONGEST.get(tier, 4096)
    if len(value.encode()) <= longest:
        return
    said = f"{tier} tier parameters support a maximum parameter value of {longest} characters."
    if tier == "Standard":
        said += (
            " To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more "
            "information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/"
            "parameter-store-advanced-parameters.html"
        )
    raise same("ValidationException", 400, said)


def _check_nesting(value: str) -> None:
    """Two braces name another parameter, which a value may not.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
    """
    if re.search(r"\{\{.*?\}\}", value, re.DOTALL):
        said = 'Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.'
        raise same("ValidationException", 400, said)


def dict_of_dicts() -> dict[str, Any]:
    """What a kind of resource without tags has."""
    return defaultdict(dict)
