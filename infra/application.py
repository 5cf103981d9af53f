"""The application that this repository runs, as one value: nothing else in the Python code knows its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from infra.names import ProjectNames


@dataclass(frozen=True)
class Application:
    """What the program knows of an application: where it is, its commands, its health paths, what it is told."""

    name: str
    """Also that of the Pulumi project, which is what its settings in a stack file begin with."""
    root: str
    maintenance: str
    """The folder with the page that is shown while it is in maintenance."""
    maintenance_build: str
    """What makes that page, in its folder, into `public/`."""
    health: str
    """The path that tells whether an instance answers. It opens no database connection: a slow database takes no
    instance away."""
    release: str
    """The path that tells which release answers."""
    workers: str | None
    """The path that answers 200 for `?version=V` once a worker of that release has proved itself; none where workers
    have no such proof, and are only watched."""
    smoke: Mapping[str, int]
    """What the public address answers to anybody, by path: a release that answers otherwise goes back."""
    posts: Mapping[str, int]
    """What it answers to an empty JSON object that is posted there, which has to change nothing."""
    web: str
    """What its image does by itself."""
    migrate: str
    sample: str
    """The same for the preview of a pull request: it migrates, and fills an empty database with made-up data."""
    worker: str
    job: str
    """What the command of a cron job begins with."""
    check: str | None
    """What follows the command of a cron job to have it prove that it could run, and change nothing; none where it
    cannot be asked."""
    clear_sessions: str
    variables: Mapping[str, str]
    """What every service is told where a stack file says nothing else."""
    generated: Mapping[str, int]
    """The secrets that are made up for it, and their lengths. Of letters and digits: safe in a URL, in a shell, and
    in the comma-separated JWT_SECRETS."""

    @property
    def names(self) -> ProjectNames:
        return ProjectNames(self.name)


APPLICATION = Application(
    name="cams",
    root="app",
    maintenance="app/maintenance",
    maintenance_build="python3 build.py",
    health="/health/",
    release="/api/health/",
    workers="/api/v1/health/queues",
    smoke=MappingProxyType({"/": 200, "/health/": 200, "/admin/login/": 200}),
    posts=MappingProxyType({"/api/exams/": 400}),
    web="python start.py web",
    migrate="python start.py migrate",
    sample="python start.py sample",
    worker="python start.py worker",
    job="python start.py",
    check="--check",
    clear_sessions="clearsessions",
    variables=MappingProxyType({"DJANGO_DEBUG": "false", "LOG_LEVEL": "INFO"}),
    generated=MappingProxyType({"DJANGO_SECRET_KEY": 64, "JWT_SECRETS": 64}),
)
