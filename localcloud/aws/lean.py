"""Keeps moto from loading EC2, 80 MB and most of a second, which SSM imports for two calls on EC2 instances."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import NoReturn


class _NoInstances:
    """Stands for EC2's backends, which this cloud does not have."""

    def __getitem__(self, account: str) -> NoReturn:
        raise NotImplementedError("the local cloud has no EC2 instances")


def leave_out_ec2() -> None:
    """To be called before moto's SSM is imported."""
    module = ModuleType("moto.ec2")
    module.ec2_backends = _NoInstances()  # type: ignore[attr-defined] # a module made at run time
    sys.modules.setdefault("moto.ec2", module)
