"""A name of one's own under which a service is reached."""

from __future__ import annotations

from typing import ClassVar, Literal

from localcloud.render.api.store import Record, Store


class CustomDomain(Record):
    """One name; with `redirect_for_name` it only leads to that other one."""

    kind: ClassVar = "custom_domain"

    service_id: str
    name: str
    domain_type: Literal["apex", "subdomain"]
    public_suffix: str
    redirect_for_name: str
    verification_status: Literal["unverified", "verified"]
    created_at: str


def domains_of(store: Store, service_id: str) -> list[CustomDomain]:
    """The names of a service."""
    return store.all(CustomDomain, lambda domain: domain.service_id == service_id)


def domain_named(store: Store, name: str) -> CustomDomain | None:
    """The domain of that name, whosever service it belongs to."""
    return next(iter(store.all(CustomDomain, lambda domain: domain.name == name)), None)
