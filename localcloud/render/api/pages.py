"""Lists as Render gives them: filtered by the query, a page at a time, with cursors."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse

from localcloud.render.api.errors import ApiError

MAX_LIMIT = 100
DEFAULT_LIMIT = 20
PAGING = frozenset({"cursor", "limit", "includePreviews", "includeReplicas"})
T = TypeVar("T")


def page(
    request: Request, items: Sequence[tuple[int, T]], name: str | None, show: Callable[[T], Any]
) -> JSONResponse:
    """One page of items in the given order, as `[{cursor, <name>}]`, or bare where `name` is None.

    Each item comes with its number; a cursor holds that number, so that paging goes on after a deletion.
    """
    limit = number(request, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    text = request.query_params.get("cursor")
    if text:
        place = _place(text)
        descending = len(items) > 1 and items[0][0] > items[-1][0]
        items = [item for item in items if (item[0] < place if descending else item[0] > place)]
    shown = items[:limit]
    if name is None:
        return JSONResponse([show(item) for _, item in shown])
    return JSONResponse([{name: show(item), "cursor": cursor(place)} for place, item in shown])


def cursor(place: int) -> str:
    """32 URL-safe characters that mean nothing to the client."""
    packed = place.to_bytes(8, "big")
    return base64.urlsafe_b64encode(packed + hashlib.sha256(packed).digest()[:16]).decode()


def _place(text: str) -> int:
    try:
        raw = base64.urlsafe_b64decode(text)
    except ValueError as error:
        raise ApiError(400, "invalid cursor") from error
    if hashlib.sha256(raw[:8]).digest()[:16] != raw[8:]:
        raise ApiError(400, "invalid cursor")
    return int.from_bytes(raw[:8], "big")


def number(request: Request, name: str, default: int, low: int, high: int) -> int:
    """A whole number from the query, or 400."""
    text = request.query_params.get(name, str(default))
    if not text.isdigit() or not low <= int(text) <= high:
        raise ApiError(400, f"{name} must be a number from {low} to {high}, got {text}")
    return int(text)


def wanted(
    request: Request, _kind: type[T], also: frozenset[str] = PAGING, **fields: Callable[[T], Any]
) -> Callable[[T], bool]:
    """A filter of a kind from the query: each name may be given several times or comma-joined.

    `fields` says what of a record each name is compared with; the names of `also` may be in the query as well.
    """
    unknown = sorted(set(request.query_params) - set(fields) - also)
    if unknown:
        raise ApiError(400, f"{unknown[0]}: this filter is not supported by the local cloud")
    asked = {
        name: {part for text in request.query_params.getlist(name) for part in text.split(",")}
        for name in fields
        if name in request.query_params
    }
    return lambda item: all(fields[name](item) in values for name, values in asked.items())
