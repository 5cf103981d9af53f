"""Logs of services and of their one-off jobs. https://api-docs.render.com/reference/list-logs

`direction=backward` (the default) gives the newest lines first, `forward` the oldest first.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.errors import ApiError
from localcloud.render.api.pages import number
from localcloud.render.local_render import render_of
from localcloud.render.logs.bodies import line_body, write_time
from localcloud.render.logs.search import matching, search_of

LABELS = ("instance", "type")


async def listing(request: Request) -> Response:
    """GET /logs"""
    render, search = render_of(request), search_of(request)
    backward = request.query_params.get("direction", "backward") == "backward"
    matches = await matching(render, search)
    limit = number(request, "limit", 20, 1, 100)
    if backward:
        matches.reverse()
    shown = matches[:limit]
    edge = shown[-1][1].timestamp if shown else write_time(search.start if backward else search.end)
    return JSONResponse(
        {
            "hasMore": len(matches) > limit,
            "nextStartTime": write_time(search.start) if backward else edge,
            "nextEndTime": edge if backward else write_time(search.end),
            "logs": [line_body(resource, line) for resource, line in shown],
        }
    )


async def values(request: Request) -> Response:
    """GET /logs/values: what a label is in the lines that match, in the order of their first line."""
    label = request.query_params.get("label")
    if label not in LABELS:
        raise ApiError(400, f"label: must be one of {', '.join(LABELS)} in the local cloud")
    limit = number(request, "limit", 20, 1, 100)
    matches = await matching(render_of(request), search_of(request, frozenset({"label"})))
    return JSONResponse(list(dict.fromkeys(str(vars(line)[label]) for _, line in matches))[-limit:])


routes = [
    Route("/v1/logs", listing, methods=["GET"]),
    Route("/v1/logs/values", values, methods=["GET"]),
]
