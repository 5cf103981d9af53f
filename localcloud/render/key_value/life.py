"""How Key Value stores come, change and go."""

from __future__ import annotations

import asyncio

from localcloud.machine import servers
from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.ip_allow_list import allowed
from localcloud.render.key_value.bodies import KeyValueChange, KeyValueCreate
from localcloud.render.key_value.model import KeyValue
from localcloud.render.local_render import LocalRender
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.tasks import log


def create(render: LocalRender, want: KeyValueCreate) -> KeyValue:
    """A new store, of which nothing is known yet; it can be used a little later."""
    stamp = ids.now()
    store = KeyValue(
        id=ids.new("red"),
        environment_id=want.environment_id,
        name=want.name,
        status="unknown",
        plan=want.plan,
        region=want.region,
        version=_version(),
        ip_allow_list=allowed(want.ip_allow_list),
        maxmemory_policy=want.maxmemory_policy or "allkeys_lru",
        persistence_mode=want.persistence_mode or ("off" if want.plan == "free" else "journal_snapshot"),
        created_at=stamp,
        updated_at=stamp,
    )
    render.tasks.spawn(bring_up(render, render.store.put(store.model_copy(update={"status": "creating"}))))
    return store


async def bring_up(render: LocalRender, store: KeyValue) -> RuntimeFailure | None:
    """Start the store with its settings and say when it can be used; returns why it cannot."""
    async with render.tasks.lock(store.id):
        current = render.store.get(KeyValue, store.id)
        if current is None or current.suspended:
            return None
        try:
            await asyncio.to_thread(render.runtime.key_values.start, current.settings)
        except RuntimeFailure as failure:
            log.error("key value %s: %s", current.id, failure.message)
            render.store.change(current, status="unavailable")
            return failure
        render.store.change(current, status="available")
    return None


def change(render: LocalRender, store: KeyValue, want: KeyValueChange) -> KeyValue:
    """Change what was sent; it starts again with another plan or other settings."""
    fields = want.model_dump(exclude_unset=True, exclude_none=True, exclude={"ip_allow_list"})
    if want.ip_allow_list is not None:
        fields["ip_allow_list"] = allowed(want.ip_allow_list)
    restart = fields.keys() & {"plan", "maxmemory_policy", "persistence_mode"} and not store.suspended
    if restart:
        fields["status"] = "creating"
    store = render.store.change(store, **fields, updated_at=ids.now())
    if restart:
        render.tasks.spawn(bring_up(render, store))
    return store


async def remove(render: LocalRender, store: KeyValue) -> None:
    """Delete the store with all its data."""
    async with render.tasks.lock(store.id):
        await asyncio.to_thread(render.runtime.key_values.drop, store.id)
        render.store.remove(store)


async def suspend(render: LocalRender, store: KeyValue) -> None:
    """End it until it is resumed."""
    async with render.tasks.lock(store.id):
        render.store.change(store, suspended=True, status="suspended", updated_at=ids.now())
        await asyncio.to_thread(render.runtime.key_values.stop, store.id)


def resume(render: LocalRender, store: KeyValue) -> None:
    """Start it again."""
    store = render.store.change(store, suspended=False, status="creating", updated_at=ids.now())
    render.tasks.spawn(bring_up(render, store))


def _version() -> str:
    version = servers.valkey_version()
    if not version:
        raise ApiError(503, "there is no Valkey on this machine")
    return version
