"""How databases come, change and go."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from typing import Any

from localcloud.machine import clock
from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.ip_allow_list import AllowedRange, allowed
from localcloud.render.local_render import LocalRender
from localcloud.render.postgres.bodies import PostgresChange, PostgresCreate
from localcloud.render.postgres.model import Postgres
from localcloud.render.postgres.rules import (
    LEGACY,
    check_change,
    check_settings,
    check_supported,
    check_version,
    database_name,
    default_disk,
    replicas,
)
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.tasks import log

EVERYWHERE = (AllowedRange(cidr_block="0.0.0.0/0", description="everywhere"),)
FREE_DAYS = 30


async def create(render: LocalRender, want: PostgresCreate) -> Postgres:
    """A new database, which can be used a little later."""
    check_supported(want)
    if want.plan in LEGACY:
        raise ApiError(400, f"plan: {want.plan} is not available for new databases")
    check_version(want.version, await asyncio.to_thread(render.runtime.databases.versions))
    postgres = _new(want)
    check_settings(postgres)
    read_replicas = replicas(postgres, want.read_replicas or [])
    postgres = render.store.put(postgres.model_copy(update={"read_replicas": read_replicas}))
    render.tasks.spawn(bring_up(render, postgres))
    return postgres


async def bring_up(render: LocalRender, postgres: Postgres) -> RuntimeFailure | None:
    """Make the database, or find it again, and say when it can be used; returns why it cannot."""
    async with render.tasks.lock(postgres.id):
        current = render.store.get(Postgres, postgres.id)
        if current is None or current.suspended:
            return None
        try:
            await asyncio.to_thread(render.runtime.databases.create, current.database)
        except RuntimeFailure as failure:
            log.error("postgres %s: %s", current.id, failure.message)
            render.store.change(current, status="unavailable")
            return failure
        render.store.change(current, status="available")
    return None


def change(render: LocalRender, postgres: Postgres, want: PostgresChange) -> Postgres:
    """Change what was sent; the database is down for a moment where its servers change."""
    check_supported(want)
    fields = _changed(want)
    after = postgres.model_copy(update=fields)
    check_change(postgres, after)
    check_settings(after)
    if want.read_replicas is not None:
        fields["read_replicas"] = replicas(postgres, want.read_replicas)
    servers = ("plan", "high_availability_enabled", "read_replicas")
    differs = any(name in fields and fields[name] != getattr(postgres, name) for name in servers)
    rebuilt = differs and not postgres.suspended
    if rebuilt:
        fields["status"] = "creating"
    postgres = render.store.change(postgres, **fields, updated_at=ids.now())
    if rebuilt:
        render.tasks.spawn(bring_up(render, postgres))
    return postgres


async def remove(render: LocalRender, postgres: Postgres) -> None:
    """Drop the database with all its data."""
    async with render.tasks.lock(postgres.id):
        await asyncio.to_thread(render.runtime.databases.drop, postgres.id)
        render.store.remove(postgres)


async def suspend(render: LocalRender, postgres: Postgres) -> None:
    """Close it to everybody until it is resumed."""
    async with render.tasks.lock(postgres.id):
        render.store.change(postgres, suspended=True, status="suspended", updated_at=ids.now())
        await asyncio.to_thread(render.runtime.databases.suspend, postgres.id)


async def resume(render: LocalRender, postgres: Postgres) -> None:
    """Open it again."""
    render.store.change(postgres, suspended=False, status="creating", updated_at=ids.now())
    async with render.tasks.lock(postgres.id):
        await asyncio.to_thread(render.runtime.databases.resume, postgres.id)
    render.tasks.spawn(bring_up(render, postgres))


async def restart(render: LocalRender, postgres: Postgres) -> None:
    """End all connections."""
    if postgres.suspended:
        raise ApiError(400, "cannot restart suspended database")
    async with render.tasks.lock(postgres.id):
        await asyncio.to_thread(render.runtime.databases.suspend, postgres.id)
        await asyncio.to_thread(render.runtime.databases.resume, postgres.id)


def _new(want: PostgresCreate) -> Postgres:
    name, stamp = database_name(want), ids.now()
    expires = f"{clock.now() + timedelta(days=FREE_DAYS):%Y-%m-%dT%H:%M:%SZ}"
    return Postgres(
        id=f"{ids.new('dpg')}-a",
        environment_id=want.environment_id,
        name=want.name,
        status="creating",
        plan=want.plan,
        region=want.region,
        version=want.version,
        database_name=name,
        database_user=want.database_user or f"{name}_user",
        password=secrets.token_urlsafe(24).replace("-", "x").replace("_", "y"),
        disk_size_gb=want.disk_size_gb or default_disk(want.plan),
        disk_autoscaling_enabled=bool(want.enable_disk_autoscaling),
        high_availability_enabled=bool(want.enable_high_availability),
        ip_allow_list=allowed(want.ip_allow_list) if "ip_allow_list" in want.model_fields_set else EVERYWHERE,
        created_at=stamp,
        updated_at=stamp,
        expires_at=expires if want.plan == "free" else None,
    )


def _changed(want: PostgresChange) -> dict[str, Any]:
    sent = {
        "name": want.name,
        "plan": want.plan,
        "disk_size_gb": want.disk_size_gb,
        "disk_autoscaling_enabled": want.enable_disk_autoscaling,
        "high_availability_enabled": want.enable_high_availability,
        "ip_allow_list": allowed(want.ip_allow_list) if "ip_allow_list" in want.model_fields_set else None,
    }
    return {name: value for name, value in sent.items() if value is not None}
