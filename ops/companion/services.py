"""The services that are stopped for a restore: at Render by its API, under Compose by the container engine's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from console.errors import ExplainedError
from ops.doors.containers import Container
from ops.doors.render import Render
from ops.releases.services import RUNNING
from render_api.errors import RenderError


class Services(Protocol):
    """Those of a platform, by their names."""

    def runs(self, name: str) -> bool:
        """Whether it is meant to run, or anything of it still does."""

    def is_up(self, name: str) -> bool:
        """Whether it works again; an error where it will not by itself."""

    def stop(self, name: str, seconds: float) -> None:
        """Have it end, within so many seconds where the platform lets us say so."""

    def start(self, name: str) -> None:
        """Have it run."""


class Engine(Protocol):
    """What is asked of a container engine."""

    def containers(self, project: str, service: str) -> list[Container]: ...

    def stop(self, id: str, seconds: float) -> None: ...

    def start(self, id: str) -> None: ...


class OnRender:
    """Suspended and resumed. Render takes the instances of what is suspended away by itself, in its own time."""

    def __init__(self, render: Render, owner: str) -> None:
        self._render, self._owner = render, owner

    def runs(self, name: str) -> bool:
        return bool(self._service(name).get("suspended") != "suspended")

    def is_up(self, name: str) -> bool:
        service = self._service(name)
        if service.get("suspended") == "suspended":
            return False
        page = self._told(name, lambda: self._render.get(f"/services/{service['id']}/deploys", {"limit": 1}))
        status = next((str(one.get("deploy", one).get("status")) for one in page or []), "live")
        if status not in RUNNING | {"live"}:
            raise ExplainedError(f"{name} does not come up", f"its deploy ended as {status}")
        return status == "live"

    def stop(self, name: str, seconds: float) -> None:
        self._post(name, "suspend")

    def start(self, name: str) -> None:
        self._post(name, "resume")

    def _post(self, name: str, verb: str) -> None:
        path = f"/services/{self._service(name)['id']}/{verb}"
        self._told(name, lambda: self._render.post(path, {}))

    def _service(self, name: str) -> dict[str, Any]:
        query = {"ownerId": self._owner, "name": name}
        found = self._told(name, lambda: list(self._render.pages("/services", query, envelope="service")))
        exact: list[dict[str, Any]] = [one for one in found if one.get("name") == name]
        if len(exact) != 1:
            raise ExplainedError(
                f"cannot stop and start {name}",
                f"Render has {'no service' if not exact else 'several services'} of that name",
                hint="RESTORE_SERVICES names them as Render does",
            )
        return exact[0]

    def _told(self, name: str, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except RenderError as error:
            raise ExplainedError(f"cannot stop or start {name}", str(error)) from error


class OnCompose:
    """All containers of a service, of one project."""

    def __init__(self, engine: Engine, project: str) -> None:
        self._engine, self._project = engine, project

    def runs(self, name: str) -> bool:
        return any(one.running for one in self._containers(name))

    def is_up(self, name: str) -> bool:
        return all(one.healthy for one in self._containers(name))

    def stop(self, name: str, seconds: float) -> None:
        for one in self._containers(name):
            if one.running:
                self._engine.stop(one.id, seconds)

    def start(self, name: str) -> None:
        for one in self._containers(name):
            self._engine.start(one.id)

    def _containers(self, name: str) -> list[Container]:
        found = self._engine.containers(self._project, name)
        if not found:
            raise ExplainedError(
                f"cannot stop and start {name}",
                f"project {self._project} has no container of a service of that name",
                hint="RESTORE_SERVICES and RESTORE_COMPOSE_PROJECT name them as Compose does",
            )
        return found
