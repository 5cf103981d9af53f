"""Policies inside of users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from localcloud.plugins.aws import iam_names
from localcloud.plugins.aws.iam.inline_policy import InlinePolicy
from localcloud.plugins.fields import Fields, policy, string


class UserPolicy(InlinePolicy):
    """What a user may do."""

    type_ = "aws:iam/userPolicy:UserPolicy"
    owner = "user"
    fields: ClassVar[Fields] = {
        "name": string(autoname=128, replace=True, valid=iam_names.name(128)),
        "user": string(required=True, replace=True),
        "policy": policy(required=True),
    }
    constants: ClassVar[Mapping[str, Any]] = {"namePrefix": ""}

    def calls(self, iam: Any) -> tuple[Any, Any, Any]:
        """Those for users."""
        return iam.put_user_policy, iam.get_user_policy, iam.delete_user_policy
