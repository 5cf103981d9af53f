"""A PostgreSQL database. https://api-docs.render.com/reference/create-postgres"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from render_provider.provider.datastore import address, wait_until_available
from render_provider.provider.placement import Cidr, move, open_to, same_ranges
from render_provider.provider.regions import Region
from render_provider.provider.resource import Change, Found, Inputs, Resource, Values, one_here
from render_provider.provider.task import Task

LEGACY = frozenset({"starter", "standard", "pro", "pro_plus"})
LARGE = ("pro_", "accelerated_", "custom", "Custom")
PATCHED = frozenset(
    [
        "name",
        "plan",
        "diskSizeGB",
        "enableDiskAutoscaling",
        "enableHighAvailability",
        "ipAllowList",
        "parameterOverrides",
        "readReplicas",
        "connectionPool",
    ]
)
Identifier = Annotated[str, Field(pattern=r"^[a-z_][a-z_0-9]*$")]


class ReadReplica(Inputs):
    """A copy that follows; its name is its identity."""

    name: str
    parameter_overrides: dict[str, str] | None = None


class PostgresInputs(Inputs):
    """`ipAllowList` guards the outside: [] is private, unset is Render's default, open to the world."""

    name: str
    plan: str
    version: Annotated[str, Field(pattern=r"^\d\d$")]
    region: Region | None = None
    environment_id: str | None = None
    database_name: Identifier | None = None
    database_user: Identifier | None = None
    disk_size_gb: Annotated[int | None, Field(alias="diskSizeGB", ge=1)] = None
    enable_disk_autoscaling: bool | None = None
    enable_high_availability: bool | None = None
    ip_allow_list: list[Cidr] | None = None
    parameter_overrides: dict[str, str] | None = None
    read_replicas: list[ReadReplica] | None = None
    connection_pool: Literal["pgbouncer", "none"] | None = None


class Postgres(Resource[PostgresInputs]):
    """Waited for until it is available. Replacing it loses its data: protect it."""

    type_ = "render:index:Postgres"
    inputs = PostgresInputs
    folder = "/postgres"
    outputs: ClassVar[tuple[str, ...]] = (
        *("status", "internalConnectionString", "externalConnectionString", "password"),
        *("host", "port", "user", "databaseName", "databaseUser"),
    )
    replace_on = frozenset({"region", "version", "databaseName", "databaseUser"})
    secrets = frozenset({"internalConnectionString", "externalConnectionString", "password"})
    resets: ClassVar[Mapping[str, Any]] = {"parameterOverrides": {}}

    def check(self, task: Task, asked: Values, before: Values) -> dict[str, str]:
        plan, disk, was = str(asked.get("plan")), asked.get("diskSizeGB"), before.get("diskSizeGB")
        failures = {}
        if plan in LEGACY and before.get("plan") != plan:
            failures["plan"] = f"{plan} is a legacy plan, which Render no longer gives to databases; try basic_256mb"
        if plan == "free":
            task.warn("a free database has no backups, and Render deletes it 30 days after its creation")
        if isinstance(disk, int) and disk != 1 and disk % 5:
            failures["diskSizeGB"] = f"must be 1 or a multiple of 5, got {disk}"
        if isinstance(disk, int) and isinstance(was, int) and disk < was:
            failures["diskSizeGB"] = f"a disk only grows: it has {was} GB, got {disk}"
        if (
            asked.get("enableHighAvailability") is True
            and "plan" in asked
            and not plan.startswith((*LARGE, "unknown"))
        ):
            failures["enableHighAvailability"] = f"needs a pro or accelerated plan, got {plan}"
        if isinstance(asked.get("readReplicas"), list) and len(asked["readReplicas"]) > 5:
            failures["readReplicas"] = f"at most 5, got {len(asked['readReplicas'])}"
        return failures

    def same(self, name: str, one: Any, other: Any) -> bool:
        if name == "ipAllowList":
            return same_ranges(one, other)
        if name == "databaseName":  # Render appends a random suffix to what was asked for
            return one == other or any(
                re.fullmatch(f"{re.escape(a)}_[a-z0-9]{{4}}", b) for a, b in ((one, other), (other, one))
            )
        if name == "readReplicas":
            return _replicas(one) == _replicas(other)
        return bool(one == other)

    def meets(self, name: str, actual: Any, wanted: Any) -> bool:
        if name == "diskSizeGB" and actual and wanted:  # Render's autoscaling grows it, and nothing shrinks it
            return bool(actual >= wanted)
        if name == "plan" and wanted in LEGACY:  # no way back to one; `check` has refused to ask for one anew
            return True
        return super().meets(name, actual, wanted)

    def lost(self, state: Values) -> str:
        return "all its data and Render's backups of them"

    def find(self, task: Task, want: PostgresInputs) -> str | None:
        listed = task.client.pages("/postgres", {"ownerId": task.owner_id, "name": want.name}, envelope="postgres")
        primaries = [found for found in listed if found.get("role") != "replica"]
        return one_here(self.type_, want.name, want.environment_id, primaries)

    def create(self, task: Task, want: PostgresInputs) -> str:
        return str(task.client.post("/postgres", {**want.given(), "ownerId": task.owner_id})["id"])

    def settle(self, task: Task, key: str, want: PostgresInputs) -> None:
        wait_until_available(task, "database", f"/postgres/{key}", limit=1200)

    def read(self, task: Task, key: str, known: Values) -> Found:
        found = task.client.get(f"/postgres/{key}")
        connection = task.client.get(f"/postgres/{key}/connection-info")
        host, port, user, _ = address(connection["internalConnectionString"], 5432)
        replicas = [
            {key: replica[key] for key in ("name", "parameterOverrides") if replica.get(key)}
            for replica in found.get("readReplicas") or []
        ]
        return Found(
            {
                **{
                    name: found[name]
                    for name in ("name", "plan", "version", "region", "databaseName", "databaseUser")
                },
                "environmentId": found.get("environmentId"),
                "diskSizeGB": found.get("diskSizeGB"),
                "enableDiskAutoscaling": found.get("diskAutoscalingEnabled", False),
                "enableHighAvailability": found.get("highAvailabilityEnabled", False),
                "ipAllowList": open_to(found.get("ipAllowList")),
                "parameterOverrides": found.get("parameterOverrides") or {},
                "readReplicas": replicas,
                "connectionPool": found.get("connectionPool"),
            },
            {
                "status": found["status"],
                "internalConnectionString": connection["internalConnectionString"],
                "externalConnectionString": connection["externalConnectionString"],
                "password": connection["password"],
                "host": host,
                "port": port,
                "user": user or found["databaseUser"],
                "databaseName": found["databaseName"],
                "databaseUser": found["databaseUser"],
                "diskSizeGB": found.get("diskSizeGB"),
            },
        )

    def update(self, task: Task, key: str, want: PostgresInputs, change: Change) -> None:
        size, has = want.disk_size_gb, change.actual.get("diskSizeGB")
        if size and has and has > size != change.before.get("diskSizeGB"):
            task.note(f"the disk has {has} GB already: nothing to do for {size}")
        body = {name: value for name, value in want.given().items() if name in change.changed & PATCHED}
        if body:
            task.client.patch(f"/postgres/{key}", body)
        if "environmentId" in change.changed and want.environment_id:
            move(task, key, want.environment_id)

    def delete(self, task: Task, key: str, state: Values) -> None:
        task.client.delete(f"/postgres/{key}")


def _replicas(replicas: Any) -> dict[str, Any]:
    return {replica["name"]: replica.get("parameterOverrides") or {} for replica in replicas or []}
