"""Headers and routes of static sites as Render writes them, and as the edge reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from localcloud.render.api import ids
from localcloud.render.api.fields import Body
from localcloud.render.static_rules.model import StaticHeader, StaticRoute


class HeaderPut(Body):
    """One header of PUT /services/{id}/headers."""

    path: str
    name: str
    value: str


class RoutePut(Body):
    """One route of PUT /services/{id}/routes. Its place in the list is its priority, whatever it says itself."""

    type: Literal["redirect", "rewrite"]
    source: str
    destination: str
    priority: int | None = None


def static_headers(given: Sequence[HeaderPut]) -> tuple[StaticHeader, ...]:
    """Headers as they are kept."""
    return tuple(StaticHeader(id=ids.new("hdr"), **item.model_dump()) for item in given)


def static_routes(given: Sequence[RoutePut]) -> tuple[StaticRoute, ...]:
    """Routes as they are kept."""
    return tuple(
        StaticRoute(id=ids.new("rdr"), priority=place, **item.model_dump(exclude={"priority"}))
        for place, item in enumerate(given)
    )


def rule_body(rule: StaticHeader | StaticRoute) -> dict[str, Any]:
    """A rule as it is read."""
    return rule.model_dump()
