"""What a database may be: the bodies of POST and PATCH /postgres, and the rules between their fields."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Body, Cidr, Many, Region
from localcloud.render.api.old import Record

VERSIONS = tuple(str(number) for number in range(11, 19))
LEGACY = frozenset({"starter", "standard", "pro", "pro_plus"})
PLANS = frozenset(
    ["free", "basic_256mb", "basic_1gb", "basic_4gb"]
    + [f"pro_{size}gb" for size in (4, 8, 16, 32, 64, 128, 192, 256, 384, 512)]
    + [f"accelerated_{size}gb" for size in (16, 32, 64, 128, 256, 384, 512, 768, 1024)]
)
MAX_REPLICAS = 5
_IDENTIFIER = re.compile(r"^[a-z_][a-z_0-9]*$")


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


def check_supported(want: PostgresChange) -> None:
    """Refuse what the local cloud could not keep."""
    unsupported = {
        "datadogAPIKey": want.datadog_api_key,
        "datadogSite": want.datadog_site,
        "parameterOverrides": want.parameter_overrides,
        "connectionPool": want.connection_pool if want.connection_pool != "none" else None,
    }
    for name, value in unsupported.items():
        if value:
            raise ApiError(400, f"{name}: is not supported by the local cloud")


def check_settings(record: Record) -> None:
    """Refuse a plan, disk or availability that Render would refuse."""
    plan, size = record["plan"], record["diskSizeGB"]
    if plan not in PLANS | LEGACY and not plan.lower().startswith("custom"):
        raise ApiError(400, f"plan: invalid plan {plan}")
    if size != 1 and size % 5:
        raise ApiError(400, f"diskSizeGB: must be 1 or a multiple of 5, got {size}")
    able = plan.startswith(("pro", "accelerated", "custom", "Custom")) and int(record["version"]) >= 13
    if record["highAvailabilityEnabled"] and not able:
        raise ApiError(400, "enableHighAvailability: needs a pro or accelerated plan and version 13 or newer")


def database_name(want: PostgresCreate) -> str:
    """The name that the database really gets: with four random characters at the end."""
    for what, name in (("database name", want.database_name), ("database username", want.database_user)):
        if name and not _IDENTIFIER.match(name):
            raise ApiError(400, f'{what}: "{name}" not a valid SQL identifier; must match {_IDENTIFIER.pattern}')
    stem = want.database_name or re.sub(r"[^a-z0-9_]+", "_", want.name.lower())
    stem = stem if _IDENTIFIER.match(stem) else f"_{stem}"
    return f"{stem[:55]}_{ids.suffix()}"


def default_disk(plan: str) -> int:
    """A new database's disk in GB when none is asked for."""
    return 1 if plan == "free" else 15 if plan.startswith("basic") else 100


def set_replicas(record: Record, wanted_replicas: list[Replica]) -> None:
    """Bring the replicas to the full wanted list; one that is not named goes."""
    names = [replica.name for replica in wanted_replicas]
    if len(set(names)) != len(names):
        raise ApiError(400, "readReplicas: a name is given more than once")
    if any(replica.parameter_overrides for replica in wanted_replicas):
        raise ApiError(400, "readReplicas.parameterOverrides: is not supported by the local cloud")
    known = {replica["name"]: replica for replica in record["readReplicas"]}
    kept = [known[name] for name in names if name in known]
    stem = record["id"].removesuffix("-a")
    free = [letter for letter in "bcdefghij" if f"{stem}-{letter}" not in {replica["id"] for replica in kept}]
    new = [name for name in names if name not in known]
    record["readReplicas"] = kept + [
        {"id": f"{stem}-{letter}", "name": name} for letter, name in zip(free, new, strict=False)
    ]
