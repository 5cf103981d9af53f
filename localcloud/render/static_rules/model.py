"""What the edge does for paths of a static site."""

from __future__ import annotations

from typing import Literal

from localcloud.render.api.store import Frozen


class StaticHeader(Frozen):
    """A header that is sent for matching paths."""

    id: str
    path: str
    name: str
    value: str


class StaticRoute(Frozen):
    """A redirect or rewrite; the least `priority` comes first."""

    id: str
    type: Literal["redirect", "rewrite"]
    source: str
    destination: str
    priority: int
