"""What the local Render does in the background, and what it does one at a time."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger("localcloud.render")


class Tasks:
    """The tasks under way on the daemon's event loop."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do something after the reply; what goes wrong is in the daemon's log."""
        self.loop = asyncio.get_running_loop()
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def cancel_all(self) -> None:
        """End what runs in the background, for the daemon's own end."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def lock(self, key: str) -> asyncio.Lock:
        """Held while the runtime starts or ends what has that id, so that it does one thing at a time to it."""
        return self._locks[key]

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("background task failed", exc_info=error)
