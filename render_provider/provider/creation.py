"""Making a thing once: what an interrupted run made is kept, and after a lost answer we look before we send again."""

from __future__ import annotations

import threading
from typing import Any

from render_api.errors import RenderError, UnknownOutcomeError
from render_provider.provider.resource import Resource
from render_provider.provider.task import Task

SENDS = 3  # how often a create is sent whose answer keeps getting lost
PAUSES = (0.5, 2.0, 4.0)  # seconds before each look for what may have been made


class Creations:
    """What this run has made or kept, so that no two resources of a program become one thing at Render."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._urns: dict[tuple[str, str], str] = {}

    def create(self, urn: str, task: Task, resource: Resource[Any], want: Any) -> tuple[str, bool]:
        """The id, and whether the thing was there already."""
        key, is_kept = resource.find(task, want), True
        if key is None:
            key, is_kept = _create(task, resource, want)
        self._claim(resource, key, urn)
        if is_kept:
            task.note(f"exists already as {key}: keeping it")
        return key, is_kept

    def forget(self, resource: Resource[Any], key: str) -> None:
        """It is gone, and another may be made of it."""
        with self._lock:
            self._urns.pop((resource.type_, key), None)

    def _claim(self, resource: Resource[Any], key: str, urn: str) -> None:
        with self._lock:
            # A service and its deploys go by the same id.
            other = self._urns.setdefault((resource.type_, key), urn)
        if other != urn:
            raise RenderError(
                f"two resources are one thing at Render, {key}",
                f"{urn} and {other}",
                hint="give one of them another name",
            )


def _create(task: Task, resource: Resource[Any], want: Any) -> tuple[str, bool]:
    sends = 0
    while True:
        sends += 1
        try:
            return resource.create(task, want), False
        except UnknownOutcomeError as lost:
            request = lost.what.removeprefix("unknown outcome of ")
            task.note(f"no answer to {request}: looking if it was carried out")
            key = _look(task, resource, want)
            if key is not None:
                return key, True
            if sends == SENDS:
                raise


def _look(task: Task, resource: Resource[Any], want: Any) -> str | None:
    for pause in PAUSES:
        task.client.clock.sleep(pause)
        key = resource.find(task, want)
        if key is not None:
            return key
    return None
