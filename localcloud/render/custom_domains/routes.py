"""Custom domains of web services and static sites. https://api-docs.render.com/reference/create-custom-domain"""

from __future__ import annotations

import re
from functools import cache

from publicsuffixlist import PublicSuffixList
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Body
from localcloud.render.api.http import empty, parse, public
from localcloud.render.api.old import Record
from localcloud.render.api.pages import page, wanted
from localcloud.render.local_render import LocalRender, render_of
from localcloud.render.services.routes import publish

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"^(\*\.)?({_LABEL}\.)+([a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}})$")


class DomainCreate(Body):
    """POST /services/{id}/custom-domains"""

    name: str


async def create(request: Request) -> Response:
    """An apex domain brings its www name along and the other way round, as a redirect."""
    render, want, service = render_of(request), await parse(request, DomainCreate), _service(request)
    name = want.name.lower()
    if not _NAME.match(name):
        raise ApiError(400, f"name: invalid domain {want.name}")
    if _by_name(render, name) is not None:
        raise ApiError(400, f"name: {name} is already in use")
    made = [_add(render, service, name, "")]
    companion = _companion(name)
    if companion and _by_name(render, companion) is None:
        made.append(_add(render, service, companion, name))
    await publish(render, service)
    return JSONResponse([public(domain, created=True) for domain in made], 201)


async def listing(request: Request) -> Response:
    """GET /services/{id}/custom-domains"""
    render, service = render_of(request), _service(request)
    match = wanted(
        request,
        dict,
        name=lambda record: record["name"],
        domainType=lambda record: record["domainType"],
        verificationStatus=lambda record: record["verificationStatus"],
    )
    found = render.ordered("custom_domain", lambda item: bool(item["_service"] == service["id"] and match(item)))
    return page(request, found, "customDomain", public)


async def get(request: Request) -> Response:
    """GET /services/{id}/custom-domains/{idOrName}"""
    return JSONResponse(public(_domain(request)))


async def delete(request: Request) -> Response:
    """DELETE /services/{id}/custom-domains/{idOrName}: with the redirect that came with it."""
    render, service, domain = render_of(request), _service(request), _domain(request)
    for other in render.old.all("custom_domain", lambda item: bool(item["redirectForName"] == domain["name"])):
        render.old.remove("custom_domain", other["id"])
    render.old.remove("custom_domain", domain["id"])
    await publish(render, service)
    return empty(204)


async def verify(request: Request) -> Response:
    """POST …/verify: on this machine every name is ours."""
    render, domain = render_of(request), _domain(request)
    domain["verificationStatus"] = "verified"
    render.old.put("custom_domain", domain)
    return empty(202)


def _add(render: LocalRender, service: Record, name: str, redirect_for: str) -> Record:
    record = {
        "id": ids.new("cdm"),
        "name": name,
        "domainType": "apex" if _bought(name) == name else "subdomain",
        "publicSuffix": _suffixes().publicsuffix(name),
        "redirectForName": redirect_for,
        "verificationStatus": "unverified",
        "createdAt": ids.now(),
        "_service": service["id"],
    }
    return render.old.put("custom_domain", record)


def _companion(name: str) -> str | None:
    bare = name.removeprefix("www.")
    if _bought(name) != bare:
        return None
    return bare if bare != name else f"www.{name}"


def _bought(name: str) -> str | None:
    """The part of a name that can be registered: `example.co.uk` of `www.example.co.uk`."""
    found: str | None = _suffixes().privatesuffix(name)
    return found


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


def _by_name(render: LocalRender, name: str) -> Record | None:
    found = render.old.all("custom_domain", lambda record: bool(record["name"] == name))
    return found[0] if found else None


def _domain(request: Request) -> Record:
    render, service, asked = render_of(request), _service(request), request.path_params["domain"]
    found = render.old.get("custom_domain", asked) or _by_name(render, asked)
    if found is None or found["_service"] != service["id"]:
        raise ApiError(404, f"not found: {asked}")
    return found


def _service(request: Request) -> Record:
    service = render_of(request).find("service", request.path_params["id"])
    if service["type"] not in {"web_service", "static_site"}:
        raise ApiError(400, f"a {service['type']} has no custom domains")
    return service


_ONE = "/v1/services/{id}/custom-domains/{domain}"
routes = [
    Route("/v1/services/{id}/custom-domains", create, methods=["POST"]),
    Route("/v1/services/{id}/custom-domains", listing, methods=["GET"]),
    Route(_ONE, get, methods=["GET"]),
    Route(_ONE, delete, methods=["DELETE"]),
    Route(f"{_ONE}/verify", verify, methods=["POST"]),
]
