"""Databases as Render writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field

from localcloud.render.api.fields import Body, Cidr, Many, Region
from localcloud.render.api.ids import micros
from localcloud.render.api.ip_allow_list import allow_list_body
from localcloud.render.owners.bodies import owner_body
from localcloud.render.owners.model import Owner
from localcloud.render.postgres.model import Postgres

MAX_REPLICAS = 5


class Replica(Body):
    """A read replica, known by its name."""

    name: str = Field(min_length=1)
    parameter_overrides: dict[str, str] | None = None


class PostgresChange(Body):
    """PATCH /postgres/{id}"""

    name: str | None = Field(default=None, min_length=1)
    plan: str | None = None
    disk_size_gb: int | None = Field(default=None, alias="diskSizeGB", ge=1)
    enable_disk_autoscaling: bool | None = None
    enable_high_availability: bool | None = None
    ip_allow_list: Many[Cidr] | None = None
    parameter_overrides: dict[str, str] | None = None
    read_replicas: list[Replica] | None = Field(default=None, max_length=MAX_REPLICAS)
    datadog_api_key: str | None = Field(default=None, alias="datadogAPIKey", repr=False)
    datadog_site: str | None = None
    connection_pool: Literal["none", "pgbouncer"] | None = None


class PostgresCreate(PostgresChange):
    """POST /postgres"""

    name: str = Field(min_length=1)
    owner_id: str
    plan: str
    version: str
    database_name: str = ""
    database_user: str = ""
    region: Region = "oregon"
    environment_id: str | None = None


def created_body(postgres: Postgres, owner: Owner) -> dict[str, Any]:
    """A database as the reply to its creation shows it: with nanoseconds."""
    return _body(postgres, owner, str)


def postgres_body(postgres: Postgres, owner: Owner, key: str = "") -> dict[str, Any]:
    """A database as it is read, or its replica of that id."""
    body = _body(postgres, owner, micros)
    for replica in postgres.read_replicas:
        if replica.id == key:
            primary = {"role": "replica", "primaryPostgresID": postgres.id, "readReplicas": []}
            return {**body, "id": replica.id, "name": replica.name, **primary}
    return body


def connection_body(postgres: Postgres, url: str) -> dict[str, str]:
    """How one connects: inside and outside are the same address here."""
    parts = urlsplit(url)
    command = (
        f"PGPASSWORD={postgres.password} psql -h {parts.hostname} -p {parts.port} "
        f"-U {postgres.database_user} {postgres.database_name}"
    )
    return {
        "password": postgres.password,
        "internalConnectionString": url,
        "externalConnectionString": url,
        "psqlCommand": command,
    }


def suspension(postgres: Postgres) -> str:
    """Render's word for whether a database is suspended."""
    return "suspended" if postgres.suspended else "not_suspended"


def _body(postgres: Postgres, owner: Owner, moment: Callable[[str], str]) -> dict[str, Any]:
    return {
        "id": postgres.id,
        "name": postgres.name,
        "status": postgres.status,
        "plan": postgres.plan,
        "region": postgres.region,
        "version": postgres.version,
        "databaseName": postgres.database_name,
        "databaseUser": postgres.database_user,
        "diskSizeGB": postgres.disk_size_gb,
        "diskAutoscalingEnabled": postgres.disk_autoscaling_enabled,
        "highAvailabilityEnabled": postgres.high_availability_enabled,
        "ipAllowList": allow_list_body(postgres.ip_allow_list),
        "readReplicas": [{"id": replica.id, "name": replica.name} for replica in postgres.read_replicas],
        "role": "primary",
        "suspended": suspension(postgres),
        "suspenders": ["user"] if postgres.suspended else [],
        "dashboardUrl": f"https://dashboard.render.com/d/{postgres.id}",
        "createdAt": moment(postgres.created_at),
        "updatedAt": moment(postgres.updated_at),
        **({"environmentId": postgres.environment_id} if postgres.environment_id else {}),
        **({"expiresAt": moment(postgres.expires_at)} if postgres.expires_at else {}),
        "owner": owner_body(owner),
    }
