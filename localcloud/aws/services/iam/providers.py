"""OIDC providers: audiences as a set, and the limits of what one may hold."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.exceptions import InvalidInput, LimitExceededException, ValidationError
from moto.iam.responses import IamResponse

from localcloud.aws.services.iam.checking import Given, before
from localcloud.machine.issuers import local_address

AUDIENCES = 100
THUMBPRINTS = 5


def install() -> None:
    """Put all of it in place."""
    answers: Any = IamResponse
    answers.add_client_id_to_open_id_connect_provider = _add_client_id
    answers.remove_client_id_from_open_id_connect_provider = _remove_client_id
    before("create_open_id_connect_provider", _is_https)
    before("update_open_id_connect_provider_thumbprint", _few_thumbprints)
    before("delete_open_id_connect_provider", _is_there)


def _is_https(_: Any, given: Given) -> None:
    """An issuer on loopback may answer plain HTTP, as this AWS does (docs/adr/0037)."""
    url = given["url"]
    if not url.startswith("https://") and local_address(url) is None:
        raise ValidationError("Invalid Open ID Connect Provider URL")


def _few_thumbprints(_: Any, given: Given) -> None:
    if len(given["thumbprint_list"]) > THUMBPRINTS:
        raise InvalidInput(f"Thumbprint list must contain fewer than {THUMBPRINTS} entries.")


def _is_there(iam: Any, given: Given) -> None:
    iam.get_open_id_connect_provider(given["arn"])


def _add_client_id(self: Any) -> ActionResult:
    provider, audience = _provider(self), str(self._get_param("ClientID"))
    if audience not in provider.client_id_list:
        if len(provider.client_id_list) >= AUDIENCES:
            raise LimitExceededException(f"Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: {AUDIENCES}")
        provider.client_id_list = [*provider.client_id_list, audience]
    return EmptyResult()


def _remove_client_id(self: Any) -> ActionResult:
    provider, audience = _provider(self), str(self._get_param("ClientID"))
    provider.client_id_list = [each for each in provider.client_id_list if each != audience]
    return EmptyResult()


def _provider(response: Any) -> Any:
    return response.backend.get_open_id_connect_provider(response._get_param("OpenIDConnectProviderArn"))
