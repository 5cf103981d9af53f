"""STS: moto lets anyone assume a role that does not exist, in any account."""

from __future__ import annotations

from typing import Any

from moto.iam.models import iam_backends
from moto.sts import models

from localcloud.aws.replies import same


def install() -> None:
    """Let only roles be assumed that exist."""
    backend: Any = models.STSBackend
    assume = backend.assume_role

    def assume_role(self: Any, role_arn: str, **others: Any) -> Any:
        roles = iam_backends[self.account_id][self.partition].roles.values()
        if role_arn not in {role.arn for role in roles}:
            # The same is said when it is there and may not be used, so that nobody can find out which are.
            said = f"The caller is not authorized to perform: sts:AssumeRole on resource: {role_arn}"
            raise same("AccessDenied", 403, said)
        return assume(self, role_arn=role_arn, **others)

    backend.assume_role = assume_role
