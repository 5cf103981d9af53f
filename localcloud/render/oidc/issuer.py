"""The issuer of a workspace's tokens, and whom they speak of.

https://render.com/docs/oidc
"""

from __future__ import annotations

from localcloud.machine.issuers import RENDER
from localcloud.machine.paths import folder
from localcloud.machine.token_issuer import TokenIssuer
from localcloud.render.services.model import Service

CLAIMS = ("iss", "sub", "aud", "exp", "iat", "nbf", "jti")
NO_ENVIRONMENT = "default"


def issuer(owner_id: str) -> TokenIssuer:
    """Render's, for that workspace."""
    return TokenIssuer(f"{RENDER}/{owner_id}", folder("render", "oidc") / "key.json")


def subject(service: Service) -> str:
    """What stands in a token of that service."""
    environment = service.environment_id or NO_ENVIRONMENT
    return f"workspace:{service.owner_id}:environment:{environment}:service:{service.id}"
