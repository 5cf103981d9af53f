"""Render's rate limits: counted, told on every reply, and generous until the real ones are asked for.

`PUT /_local/limits {"creates_per_hour": 20}` sets some, `{"real": true}` sets all to Render's; `DELETE` goes back.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.api.http import parse

REAL = {
    "reads_per_minute": 400,
    "creates_per_hour": 20,
    "service_writes_per_minute": 10,
    "domains_per_hour": 50,
    "jobs_per_hour": 2000,
    "writes_per_minute": 100,
}
GENEROUS = dict.fromkeys(REAL, 100_000)

_CREATES = re.compile(r"^/v1/(services|postgres|key-value|redis)$")
_SERVICE = re.compile(r"^/v1/services/([^/]+)(/(deploys|scale|suspend|resume))?$")
_DOMAINS = re.compile(r"^/v1/services/[^/]+/custom-domains(/[^/]+/verify)?$")
_JOBS = re.compile(r"^/v1/services/[^/]+/jobs$")


class NewLimits(BaseModel):
    """New limits; one that is not named stays."""

    model_config = ConfigDict(extra="forbid")

    real: bool = False
    reads_per_minute: int | None = Field(default=None, ge=1)
    creates_per_hour: int | None = Field(default=None, ge=1)
    service_writes_per_minute: int | None = Field(default=None, ge=1)
    domains_per_hour: int | None = Field(default=None, ge=1)
    jobs_per_hour: int | None = Field(default=None, ge=1)
    writes_per_minute: int | None = Field(default=None, ge=1)


def bucket(method: str, path: str) -> tuple[str, str]:
    """The limit that a call counts against, and what it is counted by."""
    service = _SERVICE.match(path)
    if method == "GET":
        return "reads_per_minute", ""
    if method == "POST" and _CREATES.match(path):
        return "creates_per_hour", ""
    if service and (method == "PATCH" or (method == "POST" and service[2])):
        return "service_writes_per_minute", service[1]
    if method == "POST" and _DOMAINS.match(path):
        return "domains_per_hour", ""
    if method == "POST" and _JOBS.match(path):
        return "jobs_per_hour", ""
    return "writes_per_minute", ""


class Limits:
    """Fixed windows, one for each bucket."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._limits = dict(GENEROUS)
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def count(self, method: str, path: str) -> tuple[bool, dict[str, str]]:
        """Whether the call is within its limit, and the three headers that say so."""
        name, key = bucket(method, path)
        length = 3600.0 if name.endswith("hour") else 60.0
        moment = self._clock()
        start, used = self._windows.get((name, key), (moment, 0))
        if moment >= start + length:
            start, used = moment, 0
        limit = self._limits[name]
        allowed = used < limit
        used += allowed
        self._windows[name, key] = (start, used)
        return allowed, {
            "Ratelimit-Limit": str(limit),
            "Ratelimit-Remaining": str(limit - used),
            "Ratelimit-Reset": str(max(0, int(start + length - moment))),
        }

    def set(self, new: NewLimits) -> None:
        """Change limits and start counting anew."""
        if new.real:
            self._limits.update(REAL)
        self._limits.update(new.model_dump(exclude_none=True, exclude={"real"}))
        self._windows.clear()

    def reset(self) -> None:
        """Go back to the generous limits."""
        self._limits = dict(GENEROUS)
        self._windows.clear()

    def routes(self) -> list[Route]:
        """The admin API."""

        async def put(request: Request) -> Response:
            self.set(await parse(request, NewLimits))
            return self._reply()

        async def get(_: Request) -> Response:
            return self._reply()

        async def delete(_: Request) -> Response:
            self.reset()
            return self._reply()

        return [
            Route("/_local/limits", put, methods=["PUT"]),
            Route("/_local/limits", get, methods=["GET"]),
            Route("/_local/limits", delete, methods=["DELETE"]),
        ]

    def _reply(self) -> Response:
        content: dict[str, Any] = dict(self._limits)
        return JSONResponse(content)
