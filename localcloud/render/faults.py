"""Faults on demand: any call can be made slow, rate-limited, failing, or dropped after it took effect."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Literal

from pydantic import Field, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localcloud.render.http import Body, empty, parse


class Fault(Body):
    """What goes wrong, with which calls, how many times."""

    method: str = "*"
    path: str
    times: int = Field(default=1, ge=1)
    kind: Literal["delay", "rate_limit", "status", "drop_after"]
    seconds: float = Field(default=1.0, ge=0)
    status: int = Field(default=500, ge=400, le=599)
    message: str = "fault on demand"

    @model_validator(mode="after")
    def _path_is_absolute(self) -> Fault:
        if not self.path.startswith("/"):
            raise ValueError("path must start with /")
        return self

    def matches(self, method: str, path: str) -> bool:
        """Whether that call is meant."""
        return fnmatchcase(method, self.method.upper()) and fnmatchcase(path, self.path)


class Faults:
    """The faults still to come, oldest first."""

    def __init__(self) -> None:
        self._left: list[tuple[Fault, int]] = []

    def add(self, fault: Fault) -> None:
        """Let it happen from now on."""
        self._left.append((fault, fault.times))

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._left.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this call, counted down."""
        for index, (fault, times) in enumerate(self._left):
            if fault.matches(method, path):
                if times == 1:
                    del self._left[index]
                else:
                    self._left[index] = (fault, times - 1)
                return fault
        return None

    def pending(self) -> list[dict[str, object]]:
        """What has not happened yet."""
        return [{**fault.model_dump(by_alias=True), "times": times} for fault, times in self._left]

    def routes(self) -> list[Route]:
        """The admin API."""

        async def add(request: Request) -> Response:
            fault = await parse(request, Fault)
            self.add(fault)
            return JSONResponse(fault.model_dump(by_alias=True), 201)

        async def listing(_: Request) -> Response:
            return JSONResponse(self.pending())

        async def clear(_: Request) -> Response:
            self.clear()
            return empty(204)

        return [
            Route("/_local/faults", add, methods=["POST"]),
            Route("/_local/faults", listing, methods=["GET"]),
            Route("/_local/faults", clear, methods=["DELETE"]),
        ]
