"""Registry credentials: the token is written, never read. https://api-docs.render.com/reference/create-registry-credential"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api import ids
from localcloud.render.api.http import empty, parse
from localcloud.render.api.pages import page, wanted
from localcloud.render.local_render import record_of, render_of
from localcloud.render.registry_credentials.bodies import CredentialChange, CredentialCreate, credential_body
from localcloud.render.registry_credentials.model import RegistryCredential


async def create(request: Request) -> Response:
    """POST /registrycredentials: Render answers 200 here, not 201."""
    render, want = render_of(request), await parse(request, CredentialCreate)
    render.check_owner(want.owner_id)
    fields = want.model_dump(exclude={"owner_id"})
    credential = render.store.put(RegistryCredential(id=ids.new("rgc"), updated_at=ids.now(), **fields))
    return JSONResponse(credential_body(credential))


async def listing(request: Request) -> Response:
    """GET /registrycredentials: without envelope."""
    render = render_of(request)
    match = wanted(
        request,
        RegistryCredential,
        name=lambda credential: credential.name,
        username=lambda credential: credential.username,
        type=lambda credential: credential.registry,
        ownerId=lambda _: render.owner.id,
    )
    return page(request, render.store.numbered(RegistryCredential, match), None, credential_body)


async def get(request: Request) -> Response:
    """GET /registrycredentials/{id}"""
    return JSONResponse(credential_body(record_of(request, RegistryCredential)))


async def change(request: Request) -> Response:
    """PATCH /registrycredentials/{id}: used by the next deploy."""
    want, credential = await parse(request, CredentialChange), record_of(request, RegistryCredential)
    changed = render_of(request).store.change(credential, **want.model_dump(), updated_at=ids.now())
    return JSONResponse(credential_body(changed))


async def delete(request: Request) -> Response:
    """DELETE /registrycredentials/{id}: services lose it."""
    render_of(request).store.remove(record_of(request, RegistryCredential))
    return empty(204)


routes = [
    Route("/v1/registrycredentials", create, methods=["POST"]),
    Route("/v1/registrycredentials", listing, methods=["GET"]),
    Route("/v1/registrycredentials/{id}", get, methods=["GET"]),
    Route("/v1/registrycredentials/{id}", change, methods=["PATCH"]),
    Route("/v1/registrycredentials/{id}", delete, methods=["DELETE"]),
]
