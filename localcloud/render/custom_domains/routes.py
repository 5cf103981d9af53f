"""Custom domains of web services and static sites. https://api-docs.render.com/reference/create-custom-domain"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.http import empty, parse
from localcloud.render.api.pages import page, wanted
from localcloud.render.custom_domains import life
from localcloud.render.custom_domains.bodies import DomainCreate, domain_body
from localcloud.render.custom_domains.model import CustomDomain, domain_named
from localcloud.render.local_render import record_of, render_of
from localcloud.render.services.model import Service


async def create(request: Request) -> Response:
    """POST /services/{id}/custom-domains: one or two domains."""
    want, service = await parse(request, DomainCreate), _service(request)
    domains = await life.create(render_of(request), service, want.name)
    return JSONResponse([domain_body(domain, created=True) for domain in domains], 201)


async def listing(request: Request) -> Response:
    """GET /services/{id}/custom-domains"""
    service = _service(request)
    match = wanted(
        request,
        CustomDomain,
        name=lambda domain: domain.name,
        domainType=lambda domain: domain.domain_type,
        verificationStatus=lambda domain: domain.verification_status,
    )
    domains = render_of(request).store.numbered(
        CustomDomain, lambda domain: domain.service_id == service.id and match(domain)
    )
    return page(request, domains, "customDomain", domain_body)


async def get(request: Request) -> Response:
    """GET /services/{id}/custom-domains/{idOrName}"""
    return JSONResponse(domain_body(_domain(request)))


async def delete(request: Request) -> Response:
    """DELETE /services/{id}/custom-domains/{idOrName}"""
    await life.remove(render_of(request), _service(request), _domain(request))
    return empty(204)


async def verify(request: Request) -> Response:
    """POST …/verify: on this machine every name is ours."""
    render_of(request).store.change(_domain(request), verification_status="verified")
    return empty(202)


def _domain(request: Request) -> CustomDomain:
    store, service, asked = render_of(request).store, _service(request), request.path_params["domain"]
    domain = store.get(CustomDomain, asked) or domain_named(store, asked)
    if domain is None or domain.service_id != service.id:
        raise ApiError(404, f"not found: {asked}")
    return domain


def _service(request: Request) -> Service:
    service = record_of(request, Service)
    if service.type not in {"web_service", "static_site"}:
        raise ApiError(400, f"a {service.type} has no custom domains")
    return service


_ONE = "/v1/services/{id}/custom-domains/{domain}"
routes = [
    Route("/v1/services/{id}/custom-domains", create, methods=["POST"]),
    Route("/v1/services/{id}/custom-domains", listing, methods=["GET"]),
    Route(_ONE, get, methods=["GET"]),
    Route(_ONE, delete, methods=["DELETE"]),
    Route(f"{_ONE}/verify", verify, methods=["POST"]),
]
