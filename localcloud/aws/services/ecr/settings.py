"""The account's settings for its registry: with each its values, the first is AWS's default."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ecr.exceptions import InvalidParameterException
from moto.ecr.responses import ECRResponse

VALUES = {
    "BASIC_SCAN_TYPE_VERSION": ("AWS_NATIVE", "CLAIR"),
    "BLOB_MOUNTING": ("DISABLED", "ENABLED"),
    "REGISTRY_POLICY_SCOPE": ("V2", "V1"),
}


def install() -> None:
    """Give ECR the operations that moto lacks."""
    answers: Any = ECRResponse
    answers.get_account_setting = _get_account_setting
    answers.put_account_setting = _put_account_setting


def setting(backend: Any, name: str) -> str:
    """What is set, or the default. A region has its own."""
    settings: dict[str, str] = vars(backend).get("account_settings", {})
    return settings.get(name, VALUES[name][0])


def _get_account_setting(self: Any) -> ActionResult:
    name = _name(self)
    return ActionResult({"name": name, "value": setting(self.ecr_backend, name)})


def _put_account_setting(self: Any) -> ActionResult:
    name, value = _name(self), self._get_param("value")
    if value not in VALUES[name]:
        raise InvalidParameterException(f"Invalid value for setting {name}: {value}")
    backend = self.ecr_backend
    vars(backend)["account_settings"] = {**vars(backend).get("account_settings", {}), name: value}
    return ActionResult({"name": name, "value": value})


def _name(response: Any) -> str:
    name = str(response._get_param("name"))
    if name not in VALUES:
        raise InvalidParameterException(f"Invalid account setting name: {name}")
    return name
