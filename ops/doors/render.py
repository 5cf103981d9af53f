"""The door to Render's API: a client for the workspace that the cloud's environment names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from console.output import Say
from ops.doors.cloud import Cloud
from render_api.client import HOST, PATIENCE, Client, Params


class Look(Protocol):
    """For those who change nothing."""

    def get(self, path: str) -> Any:
        """What is there, or `NotFound`."""


class Render(Look, Protocol):
    """What the commands ask of it."""

    def get(self, path: str, params: Params | None = None) -> Any:
        """What is there, or `NotFound`."""

    def pages(self, path: str, params: dict[str, str], *, envelope: str) -> Iterator[dict[str, Any]]:
        """Every item of a list."""

    def post(self, path: str, body: Any) -> Any:
        """Make something."""

    def patch(self, path: str, body: Any) -> Any:
        """Set what the body names."""

    def put(self, path: str, body: Any) -> Any:
        """Replace what is there."""

    def delete(self, path: str) -> None:
        """Remove it; what is gone already is no error."""


def client(cloud: Cloud, *, on_wait: Say | None = None, patience: float = PATIENCE) -> Render:
    """With the key of that cloud, at its address."""
    given = cloud.variables
    host = given.get("RENDER_HOST") or HOST
    return Client(given.get("RENDER_API_KEY", ""), host=host, on_wait=on_wait, patience=patience)
