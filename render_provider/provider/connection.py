"""Which Render and which workspace: what the program's configuration says, else the environment."""

from __future__ import annotations

import os
from collections.abc import Callable

from pulumi_plugin.values import Values
from render_api.client import HOST, Client
from render_api.clock import SystemClock
from render_api.errors import RenderError
from render_provider.provider.task import Level, Task

TellEngine = Callable[[str, Level, str], None]
"""Tells the engine something of a resource, by its URN."""


class Connection:
    """Makes the tasks, once it is configured."""

    def __init__(self, tell: TellEngine, client: Client | None = None, owner_id: str = "") -> None:
        self._tell = tell
        self._clock = SystemClock()
        self._client = client
        self._owner_id = owner_id

    @property
    def is_configured(self) -> bool:
        """Whether there is a key and a workspace."""
        return bool(self._client and self._owner_id)

    def configure(self, values: Values) -> None:
        """The program's configuration first, then the environment."""

        def setting(name: str, variable: str) -> str:
            return str(values.get(name) or os.environ.get(variable) or "")

        self._owner_id = setting("ownerId", "RENDER_OWNER_ID")
        key, host = setting("apiKey", "RENDER_API_KEY"), setting("host", "RENDER_HOST") or HOST
        self._client = Client(key, host=host, clock=self._clock) if key else None

    def task(self, urn: str, timeout: float = 0) -> Task:
        """A task of that resource."""
        if self._client is None:
            raise RenderError(
                "render",
                "no API key: neither render:apiKey nor RENDER_API_KEY is set",
                hint='eval "$(./slipway local env)" for the cloud on this machine, or export RENDER_API_KEY=rnd_…',
            )
        if not self._owner_id:
            raise RenderError(
                "render",
                "no workspace: neither render:ownerId nor RENDER_OWNER_ID is set",
                hint="export RENDER_OWNER_ID=tea-… (the workspace's settings show it)",
            )
        return Task.new(self._client, self._owner_id, lambda level, text: self._tell(urn, level, text), timeout)

    def check_task(self, urn: str) -> Task:
        """A task for checks, which may run before there is a key."""
        client = self._client or Client("", clock=self._clock)
        return Task.new(client, self._owner_id, lambda level, text: self._tell(urn, level, text))

    def stop(self) -> None:
        """End every wait."""
        self._clock.stop()
