"""Names of somebody else's services, given away on demand.

`POST /_local/strangers {"slug": "a-name"}` gives one away; whoever asks for that name afterwards gets a suffix.
"""

from __future__ import annotations

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.fields import Body
from localcloud.render.api.http import empty, parse
from localcloud.render.local_render import render_of
from localcloud.render.strangers.model import Stranger, taken_slugs


class StrangerCreate(Body):
    """POST /_local/strangers"""

    slug: str = Field(pattern=r"^[a-z0-9-]+$")


async def create(request: Request) -> Response:
    """POST /_local/strangers"""
    want = await parse(request, StrangerCreate)
    render_of(request).store.put(Stranger(id=want.slug))
    return JSONResponse(want.sent(), 201)


async def listing(request: Request) -> Response:
    """GET /_local/strangers"""
    return JSONResponse([{"slug": slug} for slug in sorted(taken_slugs(render_of(request).store))])


async def clear(request: Request) -> Response:
    """DELETE /_local/strangers: all names are free again."""
    store = render_of(request).store
    for stranger in store.all(Stranger):
        store.remove(stranger)
    return empty(204)


routes = [
    Route("/_local/strangers", create, methods=["POST"]),
    Route("/_local/strangers", listing, methods=["GET"]),
    Route("/_local/strangers", clear, methods=["DELETE"]),
]
