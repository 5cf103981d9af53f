"""What the local Render API asks of the runtime that really runs databases and services.

The API calls only this; the folders beside it carry it out, and `create.py` makes it. Every method is synchronous,
may block and may be called from several threads at once, but never two at a time for the same service, except those
of logs, `Instances.of`, `Instances.stop`, `Instances.run` (jobs and cron runs beside a deploy) and `Runtime.cancel`.

Dropping, stopping or removing what is not there succeeds, as does creating or starting what is there already.

After a restart the API calls `Runtime.start`, then creates each database and starts each key value store that is not
suspended, names each service at the edge, and starts and switches to each live deploy's instances from its snapshot.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from localcloud.render.runtime.values import (
    Build,
    Crash,
    Credential,
    Database,
    InstanceStatus,
    KeyValueSettings,
    Launch,
    Log,
    LogLine,
    LogType,
    Recovery,
    Release,
    Run,
    StaticRules,
)


class Part(Protocol):
    """What all six have."""

    def open(self) -> None:
        """Be ready, and end what a killed predecessor left. May be called again."""

    def close(self) -> None:
        """End everything it started; what is stored stays."""


class Databases(Part, Protocol):
    """PostgreSQL."""

    def versions(self) -> tuple[str, ...]:
        """The major versions that this machine has, ascending."""

    def create(self, database: Database) -> None:
        """Return once it accepts connections. Also used to bring it up again after a restart."""

    def drop(self, database_id: str) -> None:
        """Delete it with all its data."""

    def suspend(self, database_id: str) -> None:
        """Close it to everybody and end its connections; its data stays."""

    def resume(self, database_id: str) -> None:
        """Open it again."""

    def url(self, database: Database) -> str:
        """The connection string, of one that was created."""


class KeyValues(Part, Protocol):
    """Redis-compatible stores."""

    def start(self, store: KeyValueSettings) -> None:
        """Start it, or start it again when its settings have changed; return once it answers."""

    def stop(self, store_id: str) -> None:
        """End it; what it has stored stays."""

    def drop(self, store_id: str) -> None:
        """End it and delete what it has stored."""

    def url(self, store_id: str) -> str:
        """The connection string, the same for good."""


class Releases(Part, Protocol):
    """Images that were pulled and commits that were built.

    A live deploy's `Release` is kept by the API field by field and made again from that after a restart; its folder
    must therefore stay until `remove`. Of older deploys it stays until `forget_unused` no longer names it; then a
    `fetch` or `build` with the same arguments brings it back. The lines given to `log` are not stored here.
    """

    def fetch(self, image: str, credential: Credential | None, log: Log) -> Release:
        """Pull an image. The credential is asked of the registry also when it is here already."""

    def has(self, release: Release) -> bool:
        """Whether it is still there to be run."""

    def branch_head(self, repo: str, branch: str) -> str | None:
        """The commit at the head of that branch, or None when there is no such branch. Cheap: it is polled."""

    def commit_message(self, commit: str) -> str:
        """The message of that commit; raises `RuntimeFailure` when the repository does not have it."""

    def build(self, build: Build, log: Log) -> Release:
        """Unpack the commit and build it; of a static site, the folder is the one to publish."""

    def forget_unused(self, used: Collection[Path]) -> None:
        """Delete the files of releases in none of these folders; what was fetched or built lately stays."""

    def cancel(self, service_id: str, deploy_id: str) -> None:
        """End that deploy's build, which raises `RuntimeFailure`."""

    def remove(self, service_id: str) -> None:
        """End a service's builds and forget what they made."""


class Instances(Part, Protocol):
    """The processes of services. Live ones that die are started again. Their output is in the log (type "app")."""

    def start(self, launch: Launch) -> None:
        """Start new instances beside the old ones and return when all are healthy; on failure end them and raise.

        Called again with the deploy that is live, it brings the number of instances to `count` (scale).
        """

    def switch(self, service_id: str, deploy_id: str) -> None:
        """Route traffic to that deploy's instances, then drain and end the older ones."""

    def run(self, run: Run, log: Log) -> int:
        """The exit code; raises `RuntimeFailure` only when the command did not start, timed out or was cancelled."""

    def cancel(self, service_id: str, operation_id: str) -> None:
        """End what that deploy, job or cron run has started and not been switched to: its call raises."""

    def stop(self, service_id: str) -> None:
        """End all of a service; `start` and `run` in progress raise `RuntimeFailure`."""

    def listen(self, hear: Callable[[Crash | Recovery], None]) -> None:
        """From now on, be told of live instances that end by themselves and of their return, from any thread."""

    def of(self, service_id: str) -> list[InstanceStatus]:
        """The live instances of a service and those that come up."""

    def rename(self, service_id: str, subject: str) -> None:
        """The tokens of what runs for a service speak of that from now on."""

    def remove(self, service_id: str) -> None:
        """Stop a service and forget it."""


class Edge(Part, Protocol):
    """The public addresses of services. It answers 502 for one without an instance."""

    def url(self, service_id: str) -> str:
        """The public URL, known from the service's id alone: `http://127.0.0.1:<port>`."""

    def set_names(self, service_id: str, slug: str, domains: Mapping[str, str]) -> None:
        """The slug and custom domains, each with the one that it redirects to, if any. May come before instances."""

    def set_maintenance(self, service_id: str, enabled: bool, uri: str) -> None:
        """Put a service into maintenance or take it out."""

    def serve_static(self, service_id: str, folder: Path, rules: StaticRules) -> None:
        """Serve the files of a folder."""

    def remove(self, service_id: str) -> None:
        """Take a service from the edge."""


class Logs(Part, Protocol):
    """The log of each service."""

    def append(self, service_id: str, text: str, *, type: LogType, instance: str) -> None:
        """Add a line."""

    def read(self, service_id: str, *, limit: int, since: str | None = None) -> list[LogLine]:
        """The newest `limit` lines after `since`, oldest first."""

    def remove(self, service_id: str) -> None:
        """Forget a service's log."""


@dataclass(frozen=True)
class Runtime:
    """The six, started and stopped in the right order."""

    databases: Databases
    key_values: KeyValues
    releases: Releases
    instances: Instances
    edge: Edge
    logs: Logs
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)

    def start(self) -> None:
        """Bring up what all services share. May be called again."""
        with self._lock:
            for part in (self.releases, self.instances, self.databases, self.key_values, self.logs, self.edge):
                part.open()

    def stop(self) -> None:
        """End everything: who uses something goes before it."""
        with self._lock:
            for part in (self.releases, self.instances, self.edge, self.key_values, self.databases, self.logs):
                part.close()

    def cancel(self, service_id: str, operation_id: str) -> None:
        """End the build, instances or command that a deploy, job or cron run has started and not been switched to."""
        self.releases.cancel(service_id, operation_id)
        self.instances.cancel(service_id, operation_id)

    def remove_service(self, service_id: str) -> None:
        """End a service, take it from the edge and forget its logs and folders."""
        self.instances.remove(service_id)
        self.edge.remove(service_id)
        self.logs.remove(service_id)
        self.releases.remove(service_id)
