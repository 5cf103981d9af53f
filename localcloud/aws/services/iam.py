"""IAM: ids that look like AWS's, and an OIDC provider whose audiences can be changed."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam import models
from moto.iam.responses import IamResponse


def install() -> None:
    """Put all of it in place."""
    iam: Any = models
    begin = iam.User.__init__

    def __init__(self: Any, *arguments: Any, **options: Any) -> None:  # noqa: N807 # it is one
        begin(self, *arguments, **options)
        self.id = "AIDA" + self.id[4:].upper()

    iam.User.__init__ = __init__
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
