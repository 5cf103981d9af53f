"""How custom domains come and go: a name that can be registered and its www name together."""

from __future__ import annotations

import re
from functools import cache

from publicsuffixlist import PublicSuffixList

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.custom_domains.model import CustomDomain, domain_named
from localcloud.render.local_render import LocalRender
from localcloud.render.services.life import publish
from localcloud.render.services.model import Service

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"^(\*\.)?({_LABEL}\.)+([a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}})$")


async def create(render: LocalRender, service: Service, name: str) -> list[CustomDomain]:
    """An apex domain brings its www name along and the other way round, as a redirect."""
    store = render.store
    if not _NAME.match(name.lower()):
        raise ApiError(400, f"name: invalid domain {name}")
    name = name.lower()
    if domain_named(store, name) is not None:
        raise ApiError(400, f"name: {name} is already in use")
    domains = [store.put(_new(service, name, redirect_for=""))]
    companion = _companion(name)
    if companion and domain_named(store, companion) is None:
        domains.append(store.put(_new(service, companion, redirect_for=name)))
    await publish(render, service)
    return domains


async def remove(render: LocalRender, service: Service, domain: CustomDomain) -> None:
    """Take a name away, with the redirect that came with it."""
    for redirect in render.store.all(CustomDomain, lambda other: other.redirect_for_name == domain.name):
        render.store.remove(redirect)
    render.store.remove(domain)
    await publish(render, service)


def _new(service: Service, name: str, *, redirect_for: str) -> CustomDomain:
    return CustomDomain(
        id=ids.new("cdm"),
        service_id=service.id,
        name=name,
        domain_type="apex" if _registrable(name) == name else "subdomain",
        public_suffix=_suffixes().publicsuffix(name) or "",
        redirect_for_name=redirect_for,
        verification_status="unverified",
        created_at=ids.now(),
    )


def _companion(name: str) -> str | None:
    bare = name.removeprefix("www.")
    if _registrable(name) != bare:
        return None
    return bare if bare != name else f"www.{name}"


def _registrable(name: str) -> str | None:
    """The part of a name that can be registered: `example.co.uk` of `www.example.co.uk`."""
    domain: str | None = _suffixes().privatesuffix(name)
    return domain


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)
