"""A key-value store (Valkey). https://api-docs.render.com/reference/create-key-value"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from render_provider.provider.datastore import address, wait_until_available
from render_provider.provider.placement import Cidr, move, open_to, same_ranges
from render_provider.provider.regions import Region
from render_provider.provider.resource import Change, Found, Inputs, Resource, Values, one_here
from render_provider.provider.task import Task

PATCHED = frozenset({"name", "plan", "maxmemoryPolicy", "ipAllowList", "persistenceMode"})


class KeyValueInputs(Inputs):
    """An `ipAllowList` of [] keeps it private, which is also Render's default."""

    name: str
    plan: str
    region: Region | None = None
    environment_id: str | None = None
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
    persistence_mode: Literal["journal_snapshot", "snapshot", "off"] | None = None
    ip_allow_list: list[Cidr] | None = None


class KeyValue(Resource[KeyValueInputs]):
    """Waited for until it is available."""

    type_ = "render:index:KeyValue"
    inputs = KeyValueInputs
    folder = "/key-value"
    outputs: ClassVar[tuple[str, ...]] = (
        "status",
        "internalConnectionString",
        "externalConnectionString",
        "host",
        "port",
    )
    replace_on = frozenset({"region"})
    secrets = frozenset({"internalConnectionString", "externalConnectionString"})

    def same(self, name: str, one: Any, other: Any) -> bool:
        return same_ranges(one, other) if name == "ipAllowList" else bool(one == other)

    def lost(self, state: Values) -> str:
        kept = state.get("plan") != "free" and state.get("persistenceMode") != "off"
        return "everything that was stored in it" if kept else ""

    def find(self, task: Task, want: KeyValueInputs) -> str | None:
        listed = task.client.pages("/key-value", {"ownerId": task.owner_id, "name": want.name}, envelope="keyValue")
        return one_here(self.type_, want.name, want.environment_id, list(listed))

    def create(self, task: Task, want: KeyValueInputs) -> str:
        return str(task.client.post("/key-value", {**want.given(), "ownerId": task.owner_id})["id"])

    def settle(self, task: Task, key: str, want: KeyValueInputs) -> None:
        wait_until_available(task, "key-value store", f"/key-value/{key}", limit=600)

    def read(self, task: Task, key: str, known: Values) -> Found:
        found = task.client.get(f"/key-value/{key}")
        connection = task.client.get(f"/key-value/{key}/connection-info")
        options = found.get("options") or {}
        host, port, _, _ = address(connection["internalConnectionString"], 6379)
        return Found(
            {
                "name": found["name"],
                "plan": found["plan"],
                "region": found["region"],
                "environmentId": found.get("environmentId"),
                "maxmemoryPolicy": options.get("maxmemoryPolicy"),
                "persistenceMode": options.get("persistenceMode"),
                "ipAllowList": open_to(found.get("ipAllowList")),
            },
            {
                "status": found["status"],
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
