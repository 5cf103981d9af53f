"""What a database may be: the rules between its fields."""

from __future__ import annotations

import re

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.postgres.bodies import PostgresChange, PostgresCreate, Replica
from localcloud.render.postgres.model import Postgres, ReadReplica

VERSIONS = tuple(str(number) for number in range(11, 19))
LEGACY = frozenset({"starter", "standard", "pro", "pro_plus"})
PLANS = frozenset(
    ["free", "basic_256mb", "basic_1gb", "basic_4gb"]
    + [f"pro_{size}gb" for size in (4, 8, 16, 32, 64, 128, 192, 256, 384, 512)]
    + [f"accelerated_{size}gb" for size in (16, 32, 64, 128, 256, 384, 512, 768, 1024)]
)
_IDENTIFIER = re.compile(r"^[a-z_][a-z_0-9]*$")


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


def check_version(version: str, installed: tuple[str, ...]) -> None:
    """Refuse a version that Render or this machine does not have."""
    if version not in VERSIONS:
        raise ApiError(400, f"version: invalid version {version}, must be one of {', '.join(VERSIONS)}")
    if version not in installed:
        have = ", ".join(installed)
        raise ApiError(400, f"version: PostgreSQL {version} is not on this machine, which has {have}")


def check_settings(postgres: Postgres) -> None:
    """Refuse a plan, disk or availability that Render would refuse."""
    plan, size = postgres.plan, postgres.disk_size_gb
    if plan not in PLANS | LEGACY and not plan.lower().startswith("custom"):
        raise ApiError(400, f"plan: invalid plan {plan}")
    if size != 1 and size % 5:
        raise ApiError(400, f"diskSizeGB: must be 1 or a multiple of 5, got {size}")
    able = plan.startswith(("pro", "accelerated", "custom", "Custom")) and int(postgres.version) >= 13
    if postgres.high_availability_enabled and not able:
        raise ApiError(400, "enableHighAvailability: needs a pro or accelerated plan and version 13 or newer")


def check_change(before: Postgres, after: Postgres) -> None:
    """Refuse a step that Render would refuse: disks only grow, and old plans are left for good."""
    if after.disk_size_gb < before.disk_size_gb:
        raise ApiError(400, f"diskSizeGB: a disk cannot shrink (it has {before.disk_size_gb} GB)")
    if after.plan in LEGACY and after.plan != before.plan:
        raise ApiError(400, f"plan: {after.plan} is not available any more")


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


def replicas(postgres: Postgres, want: list[Replica]) -> tuple[ReadReplica, ...]:
    """The full wanted list: those that are there keep their ids, one that is not named goes."""
    names = [replica.name for replica in want]
    if len(set(names)) != len(names):
        raise ApiError(400, "readReplicas: a name is given more than once")
    if any(replica.parameter_overrides for replica in want):
        raise ApiError(400, "readReplicas.parameterOverrides: is not supported by the local cloud")
    known = {replica.name: replica for replica in postgres.read_replicas}
    kept = [known[name] for name in names if name in known]
    stem = postgres.id.removesuffix("-a")
    free = [letter for letter in "bcdefghij" if f"{stem}-{letter}" not in {replica.id for replica in kept}]
    new = [name for name in names if name not in known]
    fresh = [ReadReplica(id=f"{stem}-{letter}", name=name) for letter, name in zip(free, new, strict=False)]
    return (*kept, *fresh)
