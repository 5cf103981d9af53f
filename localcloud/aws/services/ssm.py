"""SSM: without EC2, and in a shape that can be saved."""

from __future__ import annotations

import sys
from collections import defaultdict
from types import ModuleType
from typing import Any, NoReturn


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

    ssm.SimpleSystemManagerBackend.__init__ = __init__


def dict_of_dicts() -> dict[str, Any]:
    """What a kind of resource without tags has."""
    return defaultdict(dict)
