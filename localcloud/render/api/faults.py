"""The addresses under which faults are asked for, of calls to the Render API."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.machine.faults import Fault, Faults
from localcloud.render.api.http import empty, parse


def routes(faults: Faults[Fault]) -> list[Route]:
    """Ask for one, look at those to come, and forget them."""

    async def add(request: Request) -> Response:
        fault = await parse(request, Fault)
        faults.add(fault)
        return JSONResponse(fault.model_dump(), 201)

    async def listing(_: Request) -> Response:
        return JSONResponse(faults.pending())

    async def clear(_: Request) -> Response:
        faults.clear()
        return empty(204)

    return [
        Route("/_local/faults", add, methods=["POST"]),
        Route("/_local/faults", listing, methods=["GET"]),
        Route("/_local/faults", clear, methods=["DELETE"]),
    ]
