"""Whether an environment is in maintenance, by Render's word: the page in place of it, and what rests meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from console.errors import ExplainedError
from infra.config import Stack
from ops.context import Doors
from ops.doors.cloud import Cloud
from ops.doors.render import Render
from render_api.errors import RenderError


@dataclass(frozen=True)
class Resting:
    """A worker or job of the application, which maintenance pauses."""

    id: str
    name: str
    suspended: bool


@dataclass(frozen=True)
class State:
    """What Render says of one environment."""

    web: str
    """The id of the web service."""
    url: str
    shown: bool
    """Whether Render answers in its place."""
    page: str
    """The address of the page that is shown; Render's own when empty."""
    resting: Sequence[Resting]
    suspended: bool = False
    """Whether the web service itself is."""

    @property
    def running(self) -> list[Resting]:
        """What still works although it may."""
        return [one for one in self.resting if not one.suspended]

    @property
    def on(self) -> bool:
        """Whether nobody of the application touches its data: the page is shown, and nothing that works runs."""
        return self.shown and not self.running


def is_on(doors: Doors, cloud: Cloud, stack: Stack) -> bool:
    """Whether the environment is in maintenance, whole: no request reaches it, and no worker or job of it runs."""
    return look(doors.render(cloud), cloud, stack).on


def look(render: Render, cloud: Cloud, stack: Stack) -> State:
    """Ask Render. The application, its database and the engine's state may all be gone."""
    try:
        return _look(render, cloud.variables.get("RENDER_OWNER_ID", ""), stack)
    except RenderError as error:
        raise ExplainedError(f"cannot see whether {stack.environment} is in maintenance", str(error)) from error


def _look(render: Render, owner: str, stack: Stack) -> State:
    names = stack.names
    web = next(iter(_named(render, owner, names.web, "web_service")), None)
    if web is None:
        raise ExplainedError(
            f"there is no {names.web} at Render",
            "its environment was not brought up yet",
            hint=f"./slipway up {stack.environment}",
        )
    details = web.get("serviceDetails") or {}
    mode = details.get("maintenanceMode") or {}
    wanted = [("background_worker", names.worker), *(("cron_job", names.job(one)) for one in stack.schedules)]
    found = [one for type_, name in wanted for one in _named(render, owner, name, type_)]
    return State(
        web=str(web["id"]),
        url=str(details.get("url") or ""),
        shown=bool(mode.get("enabled")),
        page=str(mode.get("uri") or ""),
        resting=[Resting(str(one["id"]), str(one["name"]), _suspended(one)) for one in found],
        suspended=_suspended(web),
    )


def _named(render: Render, owner: str, name: str, type_: str) -> list[dict[str, Any]]:
    query = {"ownerId": owner, "name": name, "type": type_}
    found = render.pages("/services", query, envelope="service")
    return [one for one in found if one["name"] == name and one["type"] == type_][:1]


def _suspended(service: dict[str, Any]) -> bool:
    return bool(service.get("suspended") == "suspended")
