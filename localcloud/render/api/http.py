"""What every endpoint shares: bodies read strictly, with errors as Render words them."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from localcloud.render.api.errors import ApiError

T = TypeVar("T")


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
