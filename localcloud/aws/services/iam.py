"""IAM: an OIDC provider's audiences can be changed, which moto has not."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.responses import IamResponse


def install() -> None:
    """Add the two actions."""
    answers: Any = IamResponse
    answers.add_client_id_to_open_id_connect_provider = _add_client_id
    answers.remove_client_id_from_open_id_connect_provider = _remove_client_id


def _add_client_id(self: Any) -> ActionResult:
    provider, audience = _provider(self), str(self._get_param("ClientID"))
    if audience not in provider.client_id_list:
        provider.client_id_list = [*provider.client_id_list, audience]
    return EmptyResult()


def _remove_client_id(self: Any) -> ActionResult:
    provider, audience = _provider(self), str(self._get_param("ClientID"))
    provider.client_id_list = [each for each in provider.client_id_list if each != audience]
    return EmptyResult()


def _provider(response: Any) -> Any:
    return response.backend.get_open_id_connect_provider(response._get_param("OpenIDConnectProviderArn"))
