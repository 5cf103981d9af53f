"""Permissions boundaries of users, which moto has for roles alone."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.exceptions import NoSuchEntity
from moto.iam.responses import IamResponse

from localcloud.aws.services.iam import managed


def install() -> None:
    """Put all of it in place."""
    answers: Any = IamResponse
    create = answers.create_user

    def create_user(self: Any) -> ActionResult:
        arn = self._get_param("PermissionsBoundary")
        if arn:
            _check(self.backend, arn)
        made: ActionResult = create(self)
        if arn:
            _bound(self.backend.get_user(self._get_param("UserName")), arn)
        return made

    answers.create_user = create_user
    answers.put_user_permissions_boundary = _put
    answers.delete_user_permissions_boundary = _delete


def _put(self: Any) -> ActionResult:
    user, arn = self.backend.get_user(self._get_param("UserName")), self._get_param("PermissionsBoundary")
    _check(self.backend, arn)
    _bound(user, arn)
    return EmptyResult()


def _delete(self: Any) -> ActionResult:
    user = self.backend.get_user(self._get_param("UserName"))
    if vars(user).pop("permissions_boundary_arn", None) is None:
        raise NoSuchEntity(f"The permissions boundary of user {user.name} cannot be found.")
    del user.permissions_boundary
    return EmptyResult()


def _check(iam: Any, arn: str) -> None:
    if managed.provide(iam, arn) is None:
        raise NoSuchEntity(f"Scope ARN: {arn} does not exist or is not attachable.")


def _bound(user: Any, arn: str) -> None:
    user.permissions_boundary_arn = arn
    user.permissions_boundary = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
