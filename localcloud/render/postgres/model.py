"""A database: on this machine high availability is one server, and a read replica another name for the primary."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from localcloud.render.api.fields import Region
from localcloud.render.api.ip_allow_list import AllowedRange
from localcloud.render.api.store import Frozen, Store
from localcloud.render.environments.model import Member
from localcloud.render.runtime.values import Database

Status = Literal["creating", "available", "unavailable", "suspended"]


class ReadReplica(Frozen):
    """A read replica, known by its name."""

    id: str
    name: str


class Postgres(Member):
    """A primary and its replicas."""

    kind: ClassVar = "postgres"

    name: str
    status: Status
    plan: str
    region: Region
    version: str
    database_name: str
    database_user: str
    password: str = Field(repr=False)
    disk_size_gb: int
    disk_autoscaling_enabled: bool
    high_availability_enabled: bool
    ip_allow_list: tuple[AllowedRange, ...]
    read_replicas: tuple[ReadReplica, ...] = ()
    suspended: bool = False
    created_at: str
    expires_at: str | None = None

    @property
    def database(self) -> Database:
        """What the runtime is told about it."""
        return Database(self.id, self.version, self.database_name, self.database_user, self.password)


def find_postgres(store: Store, key: str) -> Postgres:
    """The database of that id or with a replica of that id, or 404."""
    for postgres in store.all(Postgres, lambda postgres: any(one.id == key for one in postgres.read_replicas)):
        return postgres
    return store.find(Postgres, key)
