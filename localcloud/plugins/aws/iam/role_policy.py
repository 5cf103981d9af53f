"""Policies inside of roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from localcloud.plugins.aws import iam_names
from localcloud.plugins.aws.iam.inline_policy import InlinePolicy
from localcloud.plugins.fields import Fields, policy, string


class RolePolicy(InlinePolicy):
    """What a role may do."""

    type_ = "aws:iam/rolePolicy:RolePolicy"
    owner = "role"
    fields: ClassVar[Fields] = {
        "name": string(autoname=128, replace=True, valid=iam_names.name(128)),
        "role": string(required=True, replace=True),
        "policy": policy(required=True),
    }
    constants: ClassVar[Mapping[str, Any]] = {"namePrefix": ""}

    def calls(self, iam: Any) -> tuple[Any, Any, Any]:
        """Those for roles."""
        return iam.put_role_policy, iam.get_role_policy, iam.delete_role_policy
