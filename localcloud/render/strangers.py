"""Names that somebody else's services have: they are taken across all of Render, not only in this workspace.

`POST /_local/strangers {"slug": "a-name"}` gives one away; whoever asks for that name afterwards gets a suffix.
"""

from __future__ import annotations

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.http import Body, empty, parse
from localcloud.render.store import Store


class Stranger(Body):
    """One name."""

    slug: str = Field(pattern=r"^[a-z0-9-]+$")


def slugs(store: Store) -> set[str]:
    """Those that are taken."""
    return {record["id"] for record in store.all("stranger")}


def routes(store: Store) -> list[Route]:
    """Give a name away, look at those that are, and have them all back."""

    async def add(request: Request) -> Response:
        stranger = await parse(request, Stranger)
        store.put("stranger", {"id": stranger.slug})
        return JSONResponse(stranger.model_dump(), 201)

    async def listing(_: Request) -> Response:
        return JSONResponse([{"slug": slug} for slug in sorted(slugs(store))])

    async def clear(_: Request) -> Response:
        for slug in slugs(store):
            store.remove("stranger", slug)
        return empty(204)

    return [
        Route("/_local/strangers", add, methods=["POST"]),
        Route("/_local/strangers", listing, methods=["GET"]),
        Route("/_local/strangers", clear, methods=["DELETE"]),
    ]
