"""A deploy of a service, and the snapshot that its instances are started from."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from localcloud.render.api import ids
from localcloud.render.api.store import Frozen, Record, Store
from localcloud.render.runtime.values import Release
from localcloud.render.services.model import Service

Status = Literal[
    "created",
    "queued",
    "build_in_progress",
    "pre_deploy_in_progress",
    "update_in_progress",
    "live",
    "deactivated",
    "build_failed",
    "pre_deploy_failed",
    "update_failed",
    "canceled",
]
DeployTrigger = Literal["api", "new_commit", "rollback", "service_resumed"]
ROLLBACKS = 3  # so many older releases of each service are kept unpacked; one before them is fetched or built again


class Commit(Frozen):
    """A commit, and what it says."""

    id: str
    message: str


class DeployedImage(Frozen):
    """The image that was asked for, and its digest once that is known."""

    ref: str
    sha: str | None = None


class Snapshot(Frozen):
    """What a restarted daemon, a restart and a change of scale start instances from."""

    release: Release
    command: str
    env: dict[str, str] = Field(repr=False)
    health_path: str | None
    # What a rollback takes besides: of `env` the service's own, which groups were linked, and how many instances ran.
    own: dict[str, str] | None = Field(default=None, repr=False)
    groups: tuple[str, ...] | None = None
    instances: int | None = None


class Deploy(Record):
    """One release of a service; with `snapshot` once there is something that can be run."""

    kind: ClassVar = "deploy"

    service_id: str
    trigger: DeployTrigger
    commit: Commit | None
    image: DeployedImage | None
    rollback_to: str | None = None  # the deploy whose release it takes
    status: Status = "created"
    created_at: str
    updated_at: str
    started_at: str | None = None
    finished_at: str | None = None
    snapshot: Snapshot | None = None
    restarts: int = 0

    @property
    def group(self) -> str:
        """What the runtime calls its instances: its id, and a number once it was restarted."""
        return f"{self.id}.{self.restarts}" if self.restarts else self.id


def new_deploy(service: Service, trigger: DeployTrigger, *, commit: Commit | None, image: str | None) -> Deploy:
    """A deploy that nobody has started yet."""
    stamp = ids.micros(ids.now())
    deployed = DeployedImage(ref=image, sha=image.partition("@")[2] or None) if image else None
    return Deploy(
        id=ids.new("dep"),
        service_id=service.id,
        trigger=trigger,
        commit=commit,
        image=deployed,
        created_at=stamp,
        updated_at=stamp,
    )


def deploys_of(store: Store, service_id: str, status: Status | None = None) -> list[Deploy]:
    """The deploys of a service, all or those of a status, oldest first."""
    return store.all(
        Deploy, lambda deploy: deploy.service_id == service_id and (status is None or deploy.status == status)
    )


def live_deploy(store: Store, service_id: str) -> Deploy | None:
    """The deploy that serves."""
    return next(reversed(deploys_of(store, service_id, "live")), None)


def folders_in_use(store: Store) -> list[Path]:
    """The folders of the releases that serve or are on their way, and of those that one may roll back to."""
    folders = []
    for service in store.all(Service):
        deploys = [deploy for deploy in deploys_of(store, service.id) if deploy.snapshot]
        old = [deploy for deploy in deploys if deploy.status == "deactivated"][:-ROLLBACKS]
        folders += [deploy.snapshot.release.folder for deploy in deploys if deploy.snapshot and deploy not in old]
    return folders
