"""A PostgreSQL database. https://api-docs.render.com/reference/create-postgres"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from pulumi_plugin.values import Values
from render_provider.provider.datastore import address, wait_until_available
from render_provider.provider.placement import Cidr, move, open_to, same_ranges
from render_provider.provider.regions import Region
from render_provider.provider.resource import Actual, Change, Inputs, Outputs, Resource, one_here
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
    """A copy of a database that follows; its name is its identity."""

    name: str
    """A replica whose name is no longer listed is removed."""
    parameter_overrides: dict[str, str] | None = None
    """PostgreSQL's own parameters, by name."""


class PostgresInputs(Inputs):
    """What a database may say. `ip_allow_list=[]` is private; unset is Render's default, open to the world."""

    name: str
    """As Render's dashboard shows it."""
    plan: str
    """What it runs on, such as `basic_256mb` or `pro_4gb`. No database gets a legacy plan any more."""
    version: Annotated[str, Field(pattern=r"^\d\d$")]
    """PostgreSQL's major version. Render upgrades it in place, and nothing takes it back."""
    region: Region | None = None
    """Where it runs; Render's default is oregon."""
    environment_id: str | None = None
    """The environment that it sits in; it can be moved to another, and is not taken out of one."""
    database_name: Identifier | None = None
    """The first database. Render appends a suffix of its own; unset it invents the whole name."""
    database_user: Identifier | None = None
    """Who owns it; unset Render invents a name."""
    disk_size_gb: Annotated[int | None, Field(alias="diskSizeGB", ge=1)] = None
    """1 or a multiple of 5; the plan decides when unset. A disk only grows, so this is the least."""
    enable_disk_autoscaling: bool | None = None
    """Whether the disk grows by itself when it is nearly full."""
    enable_high_availability: bool | None = None
    """A standby that takes over; needs a pro or accelerated plan."""
    ip_allow_list: list[Cidr] | None = None
    """Who may connect from outside: [] is nobody, unset is Render's default, everybody."""
    parameter_overrides: dict[str, str] | None = None
    """PostgreSQL's own parameters, by name."""
    read_replicas: list[ReadReplica] | None = None
    """At most 5. The list is whole: one that is no longer in it is removed."""
    connection_pool: Literal["pgbouncer", "none"] | None = None
    """A pool of connections in front of the database."""


class PostgresOutputs(Outputs):
    """What Render tells of a database."""

    status: str
    """How it stands: `available`, or `suspended` by somebody."""
    internal_connection_string: str
    """For what runs in the same region and network."""
    external_connection_string: str
    """For the outside, as far as `ip_allow_list` lets it in."""
    password: str
    """Of `database_user`."""
    host: str
    """Inside Render's network."""
    port: int
    """Inside Render's network."""
    user: str
    """Who the connection strings log in as."""
    database_name: str
    """The real one, with Render's suffix."""
    database_user: str
    """Who owns the database."""


class Postgres(Resource[PostgresInputs]):
    """A PostgreSQL database, available when created. `database_name` is the real one, with Render's suffix.

    Replacing it loses its data: protect it. One that somebody deleted at Render is only made anew once its data is
    given up by name.
    """

    type_ = "render:index:Postgres"
    import_id = "dpg-…"
    inputs = PostgresInputs
    folder = "/postgres"
    outputs = PostgresOutputs
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
        databases = task.client.pages("/postgres", {"ownerId": task.owner_id, "name": want.name}, envelope="postgres")
        primaries = [database for database in databases if database.get("role") != "replica"]
        return one_here(self.type_, want.name, want.environment_id, primaries)

    def create(self, task: Task, want: PostgresInputs) -> str:
        return str(task.client.post("/postgres", {**want.given(), "ownerId": task.owner_id})["id"])

    def settle(self, task: Task, key: str, want: PostgresInputs) -> None:
        wait_until_available(task, "database", f"/postgres/{key}", limit=1200)

    def read(self, task: Task, key: str, known: Values) -> Actual:
        database = task.client.get(f"/postgres/{key}")
        connection = task.client.get(f"/postgres/{key}/connection-info")
        host, port, user, _ = address(connection["internalConnectionString"], 5432)
        replicas = [
            {key: replica[key] for key in ("name", "parameterOverrides") if replica.get(key)}
            for replica in database.get("readReplicas") or []
        ]
        return Actual(
            {
                **{
                    name: database[name]
                    for name in ("name", "plan", "version", "region", "databaseName", "databaseUser")
                },
                "environmentId": database.get("environmentId"),
                "diskSizeGB": database.get("diskSizeGB"),
                "enableDiskAutoscaling": database.get("diskAutoscalingEnabled", False),
                "enableHighAvailability": database.get("highAvailabilityEnabled", False),
                "ipAllowList": open_to(database.get("ipAllowList")),
                "parameterOverrides": database.get("parameterOverrides") or {},
                "readReplicas": replicas,
                "connectionPool": database.get("connectionPool"),
            },
            {
                "status": database["status"],
                "internalConnectionString": connection["internalConnectionString"],
                "externalConnectionString": connection["externalConnectionString"],
                "password": connection["password"],
                "host": host,
                "port": port,
                "user": user or database["databaseUser"],
                "databaseName": database["databaseName"],
                "databaseUser": database["databaseUser"],
                "diskSizeGB": database.get("diskSizeGB"),
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
