"""The one object that endpoints and background tasks share."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from starlette.requests import Request

from localcloud.machine.faults import Fault, Faults
from localcloud.machine.identity import Identity
from localcloud.render import ids
from localcloud.render.deployer import Deployer
from localcloud.render.http import ApiError
from localcloud.render.limits import Limits
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.store import Record, Store

log = logging.getLogger("localcloud.render")
P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Cloud:
    """The store, the runtime behind it, and what runs in the background."""

    store: Store
    runtime: Runtime
    identity: Identity
    faults: Faults[Fault] = field(default_factory=Faults)
    limits: Limits = field(default_factory=Limits)
    ready: bool = False
    broken: str = ""

    def __post_init__(self) -> None:
        self.deployer = Deployer(self)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def owner(self) -> Record:
        """The only workspace."""
        return {
            "email": "local@example.com",
            "id": self.identity.render_owner_id,
            "name": "Local workspace",
            "type": "team",
        }

    def lock(self, key: str) -> asyncio.Lock:
        """Held while the runtime starts or ends what has that id, so that it does one thing at a time to it."""
        return self._locks[key]

    async def run(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """A blocking call of the runtime, off the event loop."""
        return await asyncio.to_thread(call, *args, **kwargs)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do something after the reply; what goes wrong is in the daemon's log."""
        self.loop = asyncio.get_running_loop()
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def cancel_tasks(self) -> None:
        """End what runs in the background, for the daemon's own end."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def find(self, kind: str, key: str) -> Record:
        """A record that must exist, or 404."""
        record = self.store.get(kind, key)
        if record is None:
            raise ApiError(404, f"not found: {key}")
        return record

    def check_owner(self, owner_id: str) -> None:
        """Refuse a workspace that is not ours."""
        if owner_id != self.identity.render_owner_id:
            raise ApiError(400, f"ownerId: no workspace {owner_id}; the local cloud's is {self.owner['id']}")

    def check_environment(self, environment_id: str | None) -> None:
        """Refuse an environment that does not exist; none at all is fine."""
        if environment_id and self.store.get("environment", environment_id) is None:
            raise ApiError(400, f"environmentId: no environment {environment_id}")

    def changed(self, kind: str, record: Record) -> Record:
        """Keep a changed record, with the time of the change."""
        record["updatedAt"] = ids.now()
        return self.store.put(kind, record)

    def ordered(
        self, kind: str, where: Callable[[Record], bool] | None = None, *, newest_first: bool = False
    ) -> list[tuple[int, Record]]:
        """Records with their place, for `page`."""
        found = [(self.store.sequence(kind, record["id"]), record) for record in self.store.all(kind, where)]
        return found[::-1] if newest_first else found

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("background task failed", exc_info=error)


def cloud_of(request: Request) -> Cloud:
    """The cloud that the application serves."""
    cloud: Cloud = request.app.state.cloud
    return cloud
