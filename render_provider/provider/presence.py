"""What is still at Render of what the state knows: one list a kind, asked for at once, so that no look takes time."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from pulumi_plugin.plugin import Call
from pulumi_plugin.values import Values
from render_api.errors import NotFound, RateLimited, RefusedError, RenderError
from render_provider.provider.resource import Resource
from render_provider.provider.task import Task

COMMON = ("/services", "/postgres", "/key-value", "/env-groups", "/registrycredentials")
ACCEPTED = "RENDER_RECREATE"  # the names of things whose data may be taken for lost, with commas between


class Presence:
    """Asks once in a run: what the run itself makes is not looked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(len(COMMON) + 1)
        self._lists: dict[tuple[str, str], Future[dict[str, Values]]] = {}

    def begin(self, task: Task) -> None:
        """Start asking, as soon as it is known that there is something to look for."""
        for path in COMMON:
            self._ask(task, path, {"ownerId": task.owner_id})

    def gone(self, resource: Resource[Any], task: Task, call: Call) -> bool:
        """Whether somebody removed it. What a list does not show is asked for by itself before it counts as gone."""

        def listed(path: str, params: Mapping[str, str] | None = None) -> dict[str, Values]:
            return self._ask(task, path, {"ownerId": task.owner_id} if params is None else params).result()

        if resource.listed(listed, call.id, call.state):
            return False
        try:
            resource.read(task, call.id, {**call.state, **call.old_inputs})
        except NotFound:
            return True
        return False

    def _ask(self, task: Task, path: str, params: Mapping[str, str]) -> Future[dict[str, Values]]:
        with self._lock:
            key = (path, str(sorted(params.items())))
            if key not in self._lists:
                self._lists[key] = self._pool.submit(partial(_all, task, path, params))
            return self._lists[key]


def _all(task: Task, path: str, params: Mapping[str, str]) -> dict[str, Values]:
    try:
        things = [_inner(item) for item in task.client.pages(path, params)]
    except RateLimited:
        raise
    except RefusedError:
        return {}  # no list: each thing is asked for by itself
    return {str(item["id"]): item for item in things}


def _inner(item: Values) -> Values:
    """The thing in a list's item, which most lists put into an envelope of its kind."""
    return item if "id" in item else next(value for value in item.values() if isinstance(value, dict))


def refuse_loss(resource: Resource[Any], call: Call, *, unless_accepted: bool) -> None:
    """Refuse to go on without something that held data; by name they can be given up, which takes a refresh.

    Without one the engine would have to replace a thing that it protects.
    """
    known = {**call.state, **call.old_inputs}
    lost, name = resource.lost(known), str(known.get("name"))
    if not lost or (unless_accepted and name in os.environ.get(ACCEPTED, "").split(",")):
        return
    stack = call.urn.split("::")[0].rpartition(":")[2]
    raise RenderError(
        f"{name} ({call.id}) is gone at Render",
        f"somebody deleted it, and with it {lost}",
        hint=f"to go on with a new, empty one: ./slipway up {stack} --recreate {name}"
        f" (without slipway: {ACCEPTED}={name} pulumi up --refresh)",
    )
