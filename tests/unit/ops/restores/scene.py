"""An environment whose database and Render are plain objects, for commands that restore."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import nullcontext, redirect_stderr
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from typing import Any, cast

from console.output import Output
from ops.__main__ import main
from ops.backups.place import Place
from ops.context import Context, Doors
from ops.doors.cloud import Cloud
from ops.doors.postgres_databases import Databases
from ops.environments.stacks import load
from render_api.errors import RenderError
from tests.support.account_fakes import Account
from tests.support.fake_objects import MemoryObjects
from tests.support.maintenance_fakes import Site

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
DATABASE_URL = "DATABASE_URL"
LIVE = "cams_staging"
INSTANCE = "cams-staging-db"


@dataclass
class Server:
    """PostgreSQL, as far as names of databases go."""

    noted: dict[str, str] = field(default_factory=lambda: {LIVE: ""})
    used: int = 0
    creates: bool = True
    owner: bool = True
    major: int = 18

    def names(self) -> dict[str, str]:
        return dict(self.noted)

    def may_create(self) -> bool:
        return self.creates

    def owns(self, name: str) -> bool:
        return self.owner

    def bytes_used(self) -> int:
        return self.used

    def available(self) -> dict[str, str]:
        return {"plpgsql": "1.0"}

    def rename(self, moves: list[tuple[str, str]], notes: Mapping[str, str]) -> None:
        """All of them or none."""
        for old, new in moves:
            self.noted[new] = self.noted.pop(old)
        self.noted |= notes

    def drop(self, name: str) -> None:
        self.noted.pop(name)


@dataclass
class Render:
    """Its databases, and what it recovers."""

    disk_gb: int = 1
    recovery: dict[str, Any] | RenderError = field(
        default_factory=lambda: {"recoveryStatus": "AVAILABLE", "startsAt": "2026-11-24T07:00:00Z"}
    )
    states: list[str] = field(default_factory=lambda: ["creating", "recovery_in_progress", "available"])
    """What becomes of the new instance, look by look."""
    asked: list[tuple[str, Any]] = field(default_factory=list)
    there: dict[str, str] = field(default_factory=lambda: {f"{INSTANCE}-old": "dpg-0", INSTANCE: "dpg-1"})
    broken: RenderError | None = None

    def pages(self, path: str, params: Mapping[str, str], *, envelope: str) -> Iterator[dict[str, Any]]:
        """Also others whose names begin alike."""
        assert (path, envelope) == ("/postgres", "postgres")
        if self.broken:
            raise self.broken
        for name, id_ in self.there.items():
            if name.startswith(params["name"]):
                yield {"id": id_, "name": name, "diskSizeGB": self.disk_gb}

    def get(self, path: str) -> dict[str, Any]:
        """The window or the address of the old one, or the state of the new one."""
        if path == "/postgres/dpg-1/recovery":
            if isinstance(self.recovery, RenderError):
                raise self.recovery
            return self.recovery
        if path.endswith("/connection-info"):
            return {"externalConnectionString": f"postgresql://outside/{path.split('/')[2]}"}
        assert path == "/postgres/dpg-2"
        return {"id": "dpg-2", "name": "the new one", "status": self.states.pop(0)}

    def post(self, path: str, body: Any) -> dict[str, Any]:
        self.asked.append((path, body))
        return {"id": "dpg-2"}


@dataclass
class Scene:
    """Of one test."""

    server: Server = field(default_factory=Server)
    render: Render = field(default_factory=Render)
    site: Site = field(default_factory=Site)
    objects: MemoryObjects = field(default_factory=MemoryObjects)
    variables: dict[str, str] = field(default_factory=dict)
    said: StringIO = field(default_factory=StringIO)
    printed: StringIO = field(default_factory=StringIO)

    @property
    def context(self) -> Context:
        """What a command is given. Services are asked of the site, databases of Render."""
        doors = Doors(
            choose=lambda **_: self.cloud,
            aws=lambda cloud, region: cast("Any", {"sts": Account()}.get),
            objects=lambda clients, name: self.objects,
            render=lambda *_, **__: cast("Any", self.site if DATABASE_URL in self.variables else self.render),
            databases=lambda url: nullcontext(cast("Databases", self.server)),
        )
        return Context(doors, Output(self.printed, self.said), lambda: 0.0)

    @property
    def cloud(self) -> Cloud:
        return Cloud(self.variables, is_local=True)

    @property
    def place(self) -> Place:
        """Of staging."""
        return Place(self.context, self.cloud, load("staging"), lambda name: None, self.objects, lambda: NOW)

    def run(self, *words: str) -> int:
        """One `restore` command on the database that DATABASE_URL names."""
        self.variables[DATABASE_URL] = f"postgresql://there/{LIVE}"
        for stream in (self.said, self.printed):
            stream.truncate(stream.seek(0))
        with redirect_stderr(self.said):  # where errors are told
            return main(["restore", *words], self.context)

    def json(self, *words: str) -> Any:
        """What one that ends well prints for programs."""
        assert self.run(*words, "--json") == 0, self.said.getvalue()
        return json.loads(self.printed.getvalue())

    def rest(self) -> None:
        """Maintenance."""
        jobs = {load("staging").names.job(one): "cron_job" for one in load("staging").schedules}
        self.site.there = {**self.site.there, **jobs}
        self.site.shown, self.site.suspended = True, set(self.site.there) - {load("staging").names.web}
