"""What the API and the runtime hand to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Log = Callable[[str], None]
"""Takes one line without its end."""

Command = str | tuple[str, ...]
"""Text is run by a shell, a tuple directly; empty means the release's own."""

LogType = Literal["build", "app"]


@dataclass(frozen=True)
class Database:
    """A Render Postgres instance: one database and the role that owns it."""

    id: str
    version: str
    name: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class KeyValueSettings:
    """A Render Key Value instance. The policy is spelled as in the API (`allkeys_lru`)."""

    id: str
    maxmemory_policy: str
    persistence: bool


@dataclass(frozen=True)
class Credential:
    """What a private registry wants to see. For AWS_ECR: access key id and secret access key."""

    registry: str
    username: str
    token: str = field(repr=False)


BUILD_SECONDS = 7200.0  # that one may take, whoever carries it out


@dataclass(frozen=True)
class Build:
    """What to make of a commit.

    `dockerfile_path`, for runtime docker, and `publish_path`, for a static site, are relative to `root_dir`.
    """

    service_id: str
    deploy_id: str
    commit: str
    root_dir: str
    build_command: str
    env: Mapping[str, str] = field(repr=False)
    start_command: str = ""
    dockerfile_path: str | None = None
    publish_path: str | None = None


@dataclass(frozen=True)
class Release:
    """Something that can be run, or served as a static site.

    With `image`, the engine's own name for it, it is run as a container of that image, and as `user`; `folder` holds
    no files then and says only that it is here.
    """

    folder: Path
    command: tuple[str, ...]
    env: Mapping[str, str]
    digest: str | None
    commit: str | None
    image: str = ""
    user: str = ""


@dataclass(frozen=True)
class Launch:
    """The instances of a deploy.

    With `has_port`, each gets a PORT of its own; without, it must start and stay alive. `health_path` None is a check
    that the port accepts connections. `subject` is whom the token of each speaks of; without one it gets none.
    A live one that holds more than `memory_mb` is killed, and started again as one that died.
    `cpus` is a container's limit.
    """

    service_id: str
    deploy_id: str
    release: Release
    command: Command
    env: Mapping[str, str] = field(repr=False)
    count: int
    health_path: str | None
    has_port: bool
    timeout: float
    drain_seconds: float = 30.0
    subject: str = ""
    memory_mb: int | None = None
    cpus: float | None = None


@dataclass(frozen=True)
class Run:
    """A command that ends: a pre-deploy command (`run_id` is the deploy's), a one-off job or a cron run.

    `subject` as of a `Launch`; `memory_mb` and `cpus` are those of a container.
    """

    service_id: str
    run_id: str
    release: Release
    command: Command
    env: Mapping[str, str] = field(repr=False)
    log_name: str
    timeout: float
    subject: str = ""
    memory_mb: int | None = None
    cpus: float | None = None


@dataclass(frozen=True)
class InstanceStatus:
    """How one instance of a service does."""

    id: str
    deploy_id: str
    pid: int | None
    port: int | None
    healthy: bool
    since: str
    restarts: int


@dataclass(frozen=True)
class Crash:
    """A live instance has ended by itself. A signal's exit code is a shell's; `memory_mb`: it was killed at that."""

    service_id: str
    instance_id: str
    exit_code: int
    memory_mb: int | None = None


@dataclass(frozen=True)
class Recovery:
    """An instance that had ended is up again."""

    service_id: str
    instance_id: str


@dataclass(frozen=True)
class StaticRules:
    """The rules of a static site: `{type, source, destination}` by priority, and `{path, name, value}`."""

    routes: Sequence[Mapping[str, str]] = ()
    headers: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True)
class LogLine:
    """One line that a build or an instance wrote. `timestamp` is RFC 3339 UTC with nanoseconds or microseconds."""

    timestamp: str
    text: str
    instance: str
    type: LogType
