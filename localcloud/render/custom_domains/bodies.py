"""Custom domains as Render writes them."""

from __future__ import annotations

from typing import Any

from localcloud.render.api.fields import Body
from localcloud.render.api.ids import micros
from localcloud.render.custom_domains.model import CustomDomain


class DomainCreate(Body):
    """POST /services/{id}/custom-domains"""

    name: str


def domain_body(domain: CustomDomain, *, created: bool = False) -> dict[str, Any]:
    """A domain as it is read."""
    return {
        "id": domain.id,
        "name": domain.name,
        "domainType": domain.domain_type,
        "publicSuffix": domain.public_suffix,
        "redirectForName": domain.redirect_for_name,
        "verificationStatus": domain.verification_status,
        "createdAt": domain.created_at if created else micros(domain.created_at),
    }
