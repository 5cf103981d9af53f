"""What every endpoint shares: strict bodies, pages with cursors, and errors as Render words them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localcloud.render.ids import micros
from localcloud.render.store import Record

MAX_LIMIT = 100
DEFAULT_LIMIT = 20
PAGING = frozenset({"cursor", "limit", "includePreviews", "includeReplicas"})
T = TypeVar("T")


class ApiError(Exception):
    """A refusal: its status and the sentence in the reply's `message`."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    def response(self) -> Response:
        """The reply that Render gives."""
        return JSONResponse({"message": self.message}, self.status)


class Body(BaseModel):
    """A request's body: camelCase names, and nothing that the API does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=False)

    def sent(self) -> Record:
        """Only what the client really said, under Render's names."""
        return self.model_dump(by_alias=True, exclude_unset=True)


def _none_is_empty(value: Any) -> Any:
    return [] if value is None else value


Many = Annotated[list[T], BeforeValidator(_none_is_empty)]
"""A list for which `null` means empty: clients in use send both."""


class Cidr(Body):
    """One range of an IP allow list."""

    cidr_block: str
    description: str


async def parse(request: Request, shape: type[T]) -> T:
    """The request's JSON body in that shape; 400 names each wrong field."""
    raw = await request.body()
    try:
        value = json.loads(raw) if raw.strip() else {}
    except ValueError as error:
        raise ApiError(400, f"invalid JSON: {error}") from error
    return validate(shape, value)


def validate(shape: type[T], value: Any, *at: str) -> T:
    """A decoded value in that shape; `at` is the path that its errors start with."""
    try:
        return TypeAdapter(shape).validate_python(value)
    except ValidationError as error:
        problems = [f"{_path((*at, *item['loc']))}: {_reason(item)}" for item in error.errors()]
        raise ApiError(400, "invalid request: " + "; ".join(problems)) from error


def page(
    request: Request, items: Sequence[tuple[int, Record]], name: str | None, show: Callable[[Record], Record]
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
        return JSONResponse([show(record) for _, record in shown])
    return JSONResponse([{name: show(record), "cursor": cursor(place)} for place, record in shown])


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
    request: Request, also: frozenset[str] = PAGING, **fields: Callable[[Record], Any]
) -> Callable[[Record], bool]:
    """A filter from the query: each name may be given several times or comma-joined; `also` may be there as well."""
    unknown = sorted(set(request.query_params) - set(fields) - also)
    if unknown:
        raise ApiError(400, f"{unknown[0]}: this filter is not supported by the local cloud")
    asked = {
        name: {part for text in request.query_params.getlist(name) for part in text.split(",")}
        for name in fields
        if name in request.query_params
    }
    return lambda record: all(fields[name](record) in values for name, values in asked.items())


def public(record: Record, *, created: bool = False, drop: tuple[str, ...] = ()) -> Record:
    """What a client sees of a record: nothing private, and microseconds unless it was just made."""
    shown = {key: value for key, value in record.items() if not key.startswith("_") and key not in drop}
    for key, value in shown.items():
        if key.endswith("At") and isinstance(value, str) and not created:
            shown[key] = micros(value)
    return shown


def empty(status: int) -> Response:
    """A reply without a body."""
    return Response(status_code=status)


def _path(parts: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in parts) or "body"


def _reason(item: Any) -> str:
    if item["type"] == "extra_forbidden":
        return "unknown field"
    if item["type"] == "missing":
        return "is required"
    return str(item["msg"]).removeprefix("Value error, ")
