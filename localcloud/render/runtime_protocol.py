"""What the local Render API asks of the runtime that really runs databases and services.

The API (`localcloud/render/*.py`) calls only this; `localcloud/render/runtime/` implements it and offers
`create() -> Runtime` in `localcloud.render.runtime`. Every method is synchronous, may block and may be called from
several threads at once, but never two at a time for the same service, except `read_logs`, `instances`, `append_log`,
`cancel`, `stop_service` and `run_once` (jobs and cron runs beside a deploy).

Details fixed here, beyond the names:
- `stop_service` may come while `start_instances` or `run_once` of the same service runs (suspended, deleted):
  the call in progress then raises `RuntimeFailure`.
- `cancel(service_id, deploy_id)` ends only what that deploy, job or cron run has started: instances not yet switched
  to, a build, a `run_once`. The call in progress raises `RuntimeFailure`. An unknown id is not an error.
- `log` callbacks take one line without its end: progress, and the output of build commands. The runtime does not
  store those lines; the API does, by `append_log(service_id, line, type="build")`. The output of instances and of
  `run_once` is written into the service's log (type "app") by the runtime itself and not given to `log`.
- `run_once` returns the exit code; it raises `RuntimeFailure` only when the command could not be started, timed out
  or was cancelled.
- `routes` are `{"type": "redirect"|"rewrite", "source", "destination"}` in order of priority; `headers` are
  `{"path", "name", "value"}`.
- A `command` given as text is run by a shell, as a tuple directly; empty means the release's own. With a source
  image that has an ENTRYPOINT, text replaces both, as Render's dockerCommand does.
- `set_slug` may come before any instance runs. The edge answers 502 for a service without one.
- `drop_*`, `stop_*` and `remove_service` of what is not there succeed, as do `create_postgres` and `start_key_value`
  of what is there already.
- After a restart of the daemon the API calls `start()`, then `create_postgres` or `start_key_value` for each that is
  not suspended, `set_slug` for each service, and `start_instances` + `switch` from each live deploy's snapshot (with
  the deploy's own id). The runtime first ends what its predecessor left running of a service.
- A live deploy's `Release` is kept by the API field by field and made again from that after a restart; its folder
  must therefore stay until `remove_service`. Of older deploys it stays until `forget_releases` no longer names it;
  then a `fetch_image`/`build` with the same arguments brings it back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

Log = Callable[[str], None]


@dataclass(frozen=True)
class Credential:
    """What a private registry wants to see. For AWS_ECR: access key id and secret access key."""

    registry: str
    username: str
    token: str = field(repr=False)


@dataclass(frozen=True)
class Release:
    """Something that can be run."""

    folder: Path
    command: tuple[str, ...]
    env: Mapping[str, str]
    digest: str | None
    commit: str | None


@dataclass(frozen=True)
class LogLine:
    """One line that a build or an instance wrote. `timestamp` is RFC 3339 UTC with nanoseconds or microseconds."""

    timestamp: str
    text: str
    instance: str
    type: Literal["build", "app"]


class RuntimeFailure(Exception):  # noqa: N818 - the name the two sides agreed on
    """Why something could not be run, in words for people, with the last lines of its log."""

    def __init__(self, message: str, lines: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.lines = list(lines)


class Runtime(Protocol):
    """Runs what the API was told to run."""

    def start(self) -> None:
        """Bring up what all services share (the edge). May be called again."""

    def stop(self) -> None:
        """End everything it started; what is stored stays."""

    # Databases

    def postgres_versions(self) -> tuple[str, ...]:
        """The major versions that this machine has, ascending."""

    def create_postgres(self, postgres_id: str, *, version: str, database: str, user: str, password: str) -> None:
        """Return once the database accepts connections. Also used to bring it up again after a restart."""

    def drop_postgres(self, postgres_id: str) -> None: ...

    def suspend_postgres(self, postgres_id: str) -> None: ...

    def resume_postgres(self, postgres_id: str) -> None: ...

    def postgres_url(self, postgres_id: str, *, database: str, user: str, password: str) -> str: ...

    def start_key_value(self, key_value_id: str, *, maxmemory_policy: str, persistence: bool) -> None:
        """Start it, or start it again with these settings. The policy is spelled as in the API (`allkeys_lru`)."""

    def stop_key_value(self, key_value_id: str) -> None: ...

    def drop_key_value(self, key_value_id: str) -> None: ...

    def key_value_url(self, key_value_id: str) -> str: ...

    # Releases

    def fetch_image(self, image: str, credential: Credential | None, log: Log) -> Release: ...

    def branch_head(self, repo: str, branch: str) -> str | None:
        """The commit at the head of that branch, or None when there is no such branch. Cheap: polled each second."""

    def commit_message(self, commit: str) -> str:
        """The message of that commit; raises `RuntimeFailure` when the repository does not have it."""

    def build(
        self,
        *,
        commit: str,
        root_dir: str,
        build_command: str,
        start_command: str,
        env: Mapping[str, str],
        log: Log,
        dockerfile_path: str | None = None,
        service_id: str,
        deploy_id: str,
    ) -> Release:
        """Unpack the commit and build it. `dockerfile_path`, set for runtime docker, is relative to `root_dir`."""

    def build_static(
        self,
        *,
        service_id: str,
        commit: str,
        root_dir: str,
        build_command: str,
        publish_path: str,
        env: Mapping[str, str],
        log: Log,
        deploy_id: str,
    ) -> Path: ...

    def forget_releases(self, used: Collection[Path]) -> None:
        """Delete the files of releases in none of these folders; what was fetched or built lately stays."""

    # Running services

    def run_once(
        self,
        service_id: str,
        release: Release,
        command: str | tuple[str, ...],
        env: Mapping[str, str],
        *,
        run_id: str,
        log_name: str,
        log: Log,
        timeout: float,
    ) -> int:
        """A pre-deploy command (`run_id` is the deploy's), a one-off job (the job's) or a cron run (the run's)."""

    def start_instances(
        self,
        service_id: str,
        deploy_id: str,
        release: Release,
        command: str | tuple[str, ...],
        env: Mapping[str, str],
        *,
        count: int,
        health_path: str | None,
        port: bool,
        timeout: float,
        drain_seconds: float = 30.0,
    ) -> None:
        """Start new instances beside the old ones and return when all are healthy.

        With `port`, each instance gets a PORT of its own; without, it must start and stay alive. `health_path` None
        is a check that the port accepts connections. Called again with the deploy that is live, it brings the number
        of instances to `count` (scale). On failure it ends what it started and raises.
        """

    def switch(self, service_id: str, deploy_id: str) -> None:
        """Route traffic to that deploy's instances, then drain and end the older ones."""

    def cancel(self, service_id: str, deploy_id: str) -> None:
        """End what that deploy, job or cron run has started and has not been switched to."""

    def stop_service(self, service_id: str) -> None: ...

    def serve_static(
        self,
        service_id: str,
        folder: Path,
        *,
        routes: Sequence[Mapping[str, str]],
        headers: Sequence[Mapping[str, str]],
    ) -> None: ...

    def instances(self, service_id: str) -> list[dict[str, Any]]:
        """`{id, pid, port, deploy_id, healthy, since, restarts}` of each. Live ones that die are restarted by it."""

    # Edge

    def url(self, service_id: str) -> str:
        """The public URL, known from the service's id alone: `http://127.0.0.1:<port>`."""

    def set_slug(self, service_id: str, slug: str, custom_domains: Mapping[str, str]) -> None: ...

    def set_maintenance(self, service_id: str, enabled: bool, uri: str) -> None: ...

    def remove_service(self, service_id: str) -> None:
        """End it, take it from the edge and forget its logs and folders."""

    # Logs

    def append_log(self, service_id: str, text: str, *, type: Literal["build", "app"], instance: str) -> None: ...

    def read_logs(self, service_id: str, *, limit: int, since: str | None = None) -> list[LogLine]:
        """The newest `limit` lines, oldest first."""
