"""A key-value store (Valkey). https://api-docs.render.com/reference/create-key-value"""

from __future__ import annotations

from typing import Any, Literal

from pulumi_plugin.values import Values
from render_provider.provider.datastore import address, wait_until_available
from render_provider.provider.placement import Cidr, move, open_to, same_ranges
from render_provider.provider.regions import Region
from render_provider.provider.resource import Actual, Change, Inputs, Outputs, Resource, one_here
from render_provider.provider.task import Task

PATCHED = frozenset({"name", "plan", "maxmemoryPolicy", "ipAllowList", "persistenceMode"})


class KeyValueInputs(Inputs):
    """What a key-value store may say. `ip_allow_list=[]` keeps it private, which is also Render's default."""

    name: str
    """As Render's dashboard shows it."""
    plan: str
    """`free`, `starter`, `standard`, `pro`, `pro_plus` or `custom`."""
    region: Region | None = None
    """Where it runs; Render's default is oregon."""
    environment_id: str | None = None
    """The environment that it sits in; it can be moved to another, and is not taken out of one."""
    maxmemory_policy: (
        Literal[
            "noeviction",
            "allkeys_lru",
            "allkeys_lfu",
            "allkeys_random",
            "volatile_lru",
            "volatile_lfu",
            "volatile_random",
            "volatile_ttl",
        ]
        | None
    ) = None
    """What goes when it is full."""
    persistence_mode: Literal["journal_snapshot", "snapshot", "off"] | None = None
    """What is on disk as well: a journal and snapshots, snapshots alone, or nothing."""
    ip_allow_list: list[Cidr] | None = None
    """Who may connect from outside: [] is nobody, which is also Render's default."""


class KeyValueOutputs(Outputs):
    """What Render tells of a key-value store."""

    status: str
    """How it stands: `available`, or `suspended` by somebody."""
    internal_connection_string: str
    """For what runs in the same region and network."""
    external_connection_string: str
    """For the outside, as far as `ip_allow_list` lets it in."""
    host: str
    """Inside Render's network."""
    port: int
    """Inside Render's network."""


class KeyValue(Resource[KeyValueInputs]):
    """A key-value store, available when created.

    Replacing it loses what it keeps. One that somebody deleted at Render is only made anew once that is given up by
    name, unless its plan or `persistence_mode` kept nothing.
    """

    type_ = "render:index:KeyValue"
    import_id = "red-…"
    inputs = KeyValueInputs
    folder = "/key-value"
    outputs = KeyValueOutputs
    replace_on = frozenset({"region"})
    secrets = frozenset({"internalConnectionString", "externalConnectionString"})

    def same(self, name: str, one: Any, other: Any) -> bool:
        return same_ranges(one, other) if name == "ipAllowList" else bool(one == other)

    def lost(self, state: Values) -> str:
        keeps_data = state.get("plan") != "free" and state.get("persistenceMode") != "off"
        return "everything that was stored in it" if keeps_data else ""

    def find(self, task: Task, want: KeyValueInputs) -> str | None:
        stores = task.client.pages("/key-value", {"ownerId": task.owner_id, "name": want.name}, envelope="keyValue")
        return one_here(self.type_, want.name, want.environment_id, list(stores))

    def create(self, task: Task, want: KeyValueInputs) -> str:
        return str(task.client.post("/key-value", {**want.given(), "ownerId": task.owner_id})["id"])

    def settle(self, task: Task, key: str, want: KeyValueInputs) -> None:
        wait_until_available(task, "key-value store", f"/key-value/{key}", limit=600)

    def read(self, task: Task, key: str, known: Values) -> Actual:
        store = task.client.get(f"/key-value/{key}")
        connection = task.client.get(f"/key-value/{key}/connection-info")
        options = store.get("options") or {}
        host, port, _, _ = address(connection["internalConnectionString"], 6379)
        return Actual(
            {
                "name": store["name"],
                "plan": store["plan"],
                "region": store["region"],
                "environmentId": store.get("environmentId"),
                "maxmemoryPolicy": options.get("maxmemoryPolicy"),
                "persistenceMode": options.get("persistenceMode"),
                "ipAllowList": open_to(store.get("ipAllowList")),
            },
            {
                "status": store["status"],
                "internalConnectionString": connection["internalConnectionString"],
                "externalConnectionString": connection["externalConnectionString"],
                "host": host,
                "port": port,
            },
        )

    def update(self, task: Task, key: str, want: KeyValueInputs, change: Change) -> None:
        body = {name: value for name, value in want.given().items() if name in change.changed & PATCHED}
        if body:
            task.client.patch(f"/key-value/{key}", body)
        if "environmentId" in change.changed and want.environment_id:
            move(task, key, want.environment_id)

    def delete(self, task: Task, key: str, state: Values) -> None:
        task.client.delete(f"/key-value/{key}")
