"""Registry credentials as Render writes them."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from localcloud.render.api.fields import Body, Name
from localcloud.render.api.ids import micros
from localcloud.render.registry_credentials.model import Registry, RegistryCredential


class CredentialChange(Body):
    """PATCH /registrycredentials/{id}: all four are needed."""

    registry: Registry
    name: Name
    username: str = Field(min_length=1)
    auth_token: str = Field(min_length=1, repr=False)


class CredentialCreate(CredentialChange):
    """POST /registrycredentials"""

    owner_id: str


def credential_body(credential: RegistryCredential) -> dict[str, Any]:
    """A credential without its token."""
    return {
        "id": credential.id,
        "registry": credential.registry,
        "name": credential.name,
        "username": credential.username,
        "updatedAt": micros(credential.updated_at),
    }
