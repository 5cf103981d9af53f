"""Services at Render and under Compose, as the companion sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from console.errors import ExplainedError
from ops.companion.services import OnCompose, OnRender
from ops.doors.containers import Container
from render_api.errors import RenderError


@dataclass
class RenderFake:
    """Services with the status of their newest deploy."""

    services: list[dict[str, Any]] = field(default_factory=list)
    deploys: list[str] = field(default_factory=list)
    refuses: bool = False

    def pages(self, path: str, params: dict[str, str], *, envelope: str) -> list[dict[str, Any]]:
        """By the beginning of a name, as some lists do."""
        assert (path, envelope, params["ownerId"]) == ("/services", "service", "tea-1")
        return [one for one in self.services if one["name"].startswith(params["name"])]

    def get(self, path: str, params: Any = None) -> Any:
        """The newest deploy, one status after the other."""
        return [{"deploy": {"status": self.deploys.pop(0)}}] if self.deploys else []

    def post(self, path: str, body: Any) -> None:
        """Suspend or resume."""
        if self.refuses:
            raise RenderError("HTTP 500", "down")
        _, _, key, verb = path.split("/")
        (one,) = [one for one in self.services if one["id"] == key]
        one["suspended"] = "suspended" if verb == "suspend" else "not_suspended"


def at_render(*deploys: str) -> tuple[RenderFake, OnRender]:
    """Two services of which one's name begins like the other's."""
    services = [{"id": f"srv-{name}", "name": name, "suspended": "not_suspended"} for name in ("web", "web-2")]
    fake = RenderFake(services, list(deploys))
    return fake, OnRender(fake, "tea-1")  # type: ignore[arg-type] # what is asked of it


def test_at_render_a_service_is_suspended_and_resumed() -> None:
    """Alone, by its exact name."""
    _, services = at_render("update_in_progress", "live")

    services.stop("web", 30)
    stopped = [services.runs("web"), services.runs("web-2"), services.is_up("web")]
    services.start("web")

    assert stopped == [False, True, False]
    assert [services.runs("web"), services.is_up("web"), services.is_up("web"), services.is_up("web")] == [
        True,
        False,
        True,
        True,
    ]


def test_at_render_a_deploy_that_failed_is_not_waited_for() -> None:
    """The service will not come up by itself."""
    _, services = at_render("update_failed")

    with pytest.raises(ExplainedError, match="web does not come up: its deploy ended as update_failed"):
        services.is_up("web")


def test_at_render_an_unknown_service_and_a_refusal_are_told() -> None:
    """Before anything is stopped, or with what Render says."""
    fake, services = at_render()
    fake.refuses = True

    with pytest.raises(ExplainedError, match="Render has no service of that name"):
        services.runs("moon")
    with pytest.raises(ExplainedError, match="cannot stop or start web: HTTP 500"):
        services.stop("web", 1)


@dataclass
class EngineFake:
    """Two containers of one service."""

    running: dict[str, bool] = field(default_factory=lambda: {"a": True, "b": False})
    said: list[str] = field(default_factory=list)
    healthy: bool = True

    def containers(self, project: str, service: str) -> list[Container]:
        """Of the one project."""
        assert project == "cams"
        found = [Container(key, running, running and self.healthy) for key, running in self.running.items()]
        return found if service == "web" else []

    def stop(self, id: str, seconds: float) -> None:
        """At once."""
        self.said.append(f"stop {id} {seconds:g}")
        self.running[id] = False

    def start(self, id: str) -> None:
        """At once."""
        self.running[id] = True


def test_under_compose_all_containers_of_a_service_stop_and_start() -> None:
    """Up it is when each is healthy."""
    engine = EngineFake()
    services = OnCompose(engine, "cams")

    before = services.runs("web")
    services.stop("web", 30)
    after = services.runs("web")
    services.start("web")
    engine.healthy = False

    assert (before, after, engine.said) == (True, False, ["stop a 30"])
    assert (services.runs("web"), services.is_up("web")) == (True, False)
    with pytest.raises(ExplainedError, match="project cams has no container of a service of that name"):
        services.runs("moon")
