"""How environments come and go, with what is in them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Cidr
from localcloud.render.env_groups import life as env_groups
from localcloud.render.env_groups.model import EnvGroup, groups_of
from localcloud.render.environments.bodies import EnvironmentChange, EnvironmentSettings
from localcloud.render.environments.model import Environment, Member
from localcloud.render.key_value import life as key_value
from localcloud.render.key_value.model import KeyValue
from localcloud.render.local_render import LocalRender
from localcloud.render.oidc.issuer import subject
from localcloud.render.postgres import life as postgres
from localcloud.render.postgres.model import Postgres
from localcloud.render.services import life as services
from localcloud.render.services.model import Service

MEMBERS: dict[str, tuple[type[Member], Callable[[LocalRender, Any], Awaitable[None]]]] = {
    "serviceIds": (Service, services.remove),
    "databasesIds": (Postgres, postgres.remove),
    "redisIds": (KeyValue, key_value.remove),
    "envGroupIds": (EnvGroup, env_groups.remove),
}
"""The kinds of members by the field that shows them, and how each is removed."""


def create(render: LocalRender, project_id: str, settings: EnvironmentSettings) -> Environment:
    """A new environment; the name may be taken in another project only."""
    if any(known.name == settings.name for known in of_project(render, project_id)):
        raise ApiError(400, f"name: the project has an environment {settings.name} already")
    _check_allow_list(settings.ip_allow_list)
    fields = settings.model_dump(include={"name", "protected_status", "network_isolation_enabled"})
    return render.store.put(Environment(id=ids.new("evm"), project_id=project_id, **fields))


def of_project(render: LocalRender, project_id: str) -> list[Environment]:
    """The environments of a project."""
    return render.store.all(Environment, lambda environment: environment.project_id == project_id)


def change(render: LocalRender, environment: Environment, want: EnvironmentChange) -> Environment:
    """Change what was sent."""
    _check_allow_list(want.ip_allow_list)
    sent = want.model_dump(exclude_none=True, exclude={"ip_allow_list"})
    return render.store.change(environment, **sent)


async def remove(render: LocalRender, environment: Environment) -> None:
    """Delete an environment and everything in it."""
    for kind, remove_member in MEMBERS.values():
        for member in _inside(render, kind, environment.id):
            await remove_member(render, member)
    render.store.remove(environment)


def members(render: LocalRender, environment: Environment) -> dict[str, list[str]]:
    """The ids of what is in an environment, by the field that shows them."""
    return {
        field: [member.id for member in _inside(render, kind, environment.id)] for field, (kind, _) in MEMBERS.items()
    }


async def move(render: LocalRender, resource_ids: list[str], environment_id: str | None) -> None:
    """Move resources into an environment or, with None, out of theirs: all of them or none."""
    moving = [_member(render, key) for key in resource_ids]
    for member in moving:
        if isinstance(member, Service):
            _check_may_leave(render, member, environment_id)
    for member in moving:
        moved = render.store.change(member, environment_id=environment_id, updated_at=ids.now())
        if isinstance(moved, Service):  # at once: what it may take is said of where it is
            await asyncio.to_thread(render.runtime.instances.rename, moved.id, subject(moved))


def _inside(render: LocalRender, kind: type[Member], environment_id: str) -> list[Member]:
    return render.store.all(kind, lambda member: member.environment_id == environment_id)


def _member(render: LocalRender, key: str) -> Member:
    for kind, _ in MEMBERS.values():
        member = render.store.get(kind, key)
        if member is not None:
            return member
    raise ApiError(404, f"not found: {key}")


def _check_may_leave(render: LocalRender, service: Service, target: str | None) -> None:
    current = service.environment_id
    if current is None or current == target:
        return
    if any(group.environment_id == current for group in groups_of(render.store, service.id)):
        raise ApiError(400, "cannot move service out of environment with linked env groups")


def _check_allow_list(ranges: list[Cidr]) -> None:
    if any(item.cidr_block != "0.0.0.0/0" for item in ranges):
        raise ApiError(400, "ipAllowList: IP allow lists of environments need an Enterprise workspace")
