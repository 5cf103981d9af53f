"""Render's side of a maintenance as a plain object: services that are suspended, resumed, and shown a page for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from console.output import Output
from ops.context import Context, Doors
from ops.doors.cloud import Cloud
from ops.doors.web import Visit
from ops.maintenance.record import Records
from ops.maintenance.switch import Maintenance
from ops.releases.passage import Passage
from render_api.errors import RefusedError
from tests.support.parameter_fakes import WRITER, Parameters
from tests.support.released_fakes import REAL, STAGING

WEB, WORKER, JOB = "cams-staging", "cams-staging-worker", "cams-staging-clearsessions"
PAGE = "https://cams-staging-maintenance.onrender.com"
TYPES = {WEB: "web_service", WORKER: "background_worker", JOB: "cron_job"}


@dataclass
class Site:
    """One environment at Render. A service's id is its name with `srv-`."""

    page: str = PAGE
    shown: bool = False
    suspended: set[str] = field(default_factory=set)
    there: Mapping[str, str] = field(default_factory=lambda: dict(TYPES))
    dies_after: int | None = None
    """So many changes are carried out, and the next one fails."""
    changes: list[str] = field(default_factory=list)
    status: int = 200
    """What the application answers, where it is asked."""
    ssm: Parameters = field(default_factory=Parameters)
    time: float = 0.0
    talk: StringIO = field(default_factory=StringIO)
    data: StringIO = field(default_factory=StringIO)

    def pages(self, path: str, params: Mapping[str, Any], *, envelope: str) -> Iterator[dict[str, Any]]:
        """What is listed, as a list of Render does: others whose names begin alike, too."""
        for name, type_ in self.there.items():
            if name.startswith(params["name"]):
                yield self._body(name, type_)

    def patch(self, path: str, body: Any) -> None:
        self._change(f"page {body['serviceDetails']['maintenanceMode']['enabled']}")
        mode = body["serviceDetails"]["maintenanceMode"]
        assert path == f"/services/srv-{WEB}"
        assert mode["uri"] == self.page
        self.shown = mode["enabled"]

    def post(self, path: str, body: Any) -> None:
        _, _, key, act = path.split("/")
        name = key.removeprefix("srv-")
        self._change(f"{act} {name}")
        if act == "suspend":
            self.suspended.add(name)
        else:
            self.suspended.discard(name)

    def maintenance(self) -> Maintenance:
        """What the commands open."""
        context = self.context()
        passage = Passage(context, REAL, STAGING, context.doors.aws(REAL, ""), self.wait)
        return Maintenance(context, REAL, STAGING, passage, Records(STAGING, self.ssm), self.wait)

    def context(self, cloud: Cloud = REAL) -> Context:
        """For a command."""
        clients: Callable[[str], Any] = {"sts": self, "ssm": self.ssm}.__getitem__
        doors = Doors(
            choose=lambda **_: cloud,
            aws=lambda *_: clients,
            render=lambda *_, **__: self,  # type: ignore[arg-type] # as much of it as is asked here
            visit=lambda *_: Visit(503 if self.shown else self.status, 0.01),
        )
        return Context(doors, Output(stdout=self.data, stderr=self.talk), lambda: self.time)

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": WRITER, "Account": "123456789012"}

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.time += seconds

    def _change(self, what: str) -> None:
        if self.dies_after is not None and len(self.changes) >= self.dies_after:
            raise RefusedError("POST", "boom", status=500)
        self.changes.append(what)

    def _body(self, name: str, type_: str) -> dict[str, Any]:
        details: dict[str, Any] = {}
        if type_ == "web_service":
            mode = {"enabled": self.shown, "uri": self.page}
            details = {"url": f"https://{name}.onrender.com", "maintenanceMode": mode}
        suspended = "suspended" if name in self.suspended else "not_suspended"
        return {"id": f"srv-{name}", "name": name, "type": type_, "suspended": suspended, "serviceDetails": details}
