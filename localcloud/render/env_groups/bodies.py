"""Env groups as Render writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from localcloud.render.api.fields import Body, Many, Name
from localcloud.render.api.ids import micros
from localcloud.render.env_groups.model import EnvGroup
from localcloud.render.env_vars.bodies import EnvVarPut, env_var_body
from localcloud.render.secret_files.bodies import SecretFilePut, secret_file_body
from localcloud.render.services.model import SHORT, Service


class GroupCreate(Body):
    """POST /env-groups"""

    name: Name
    owner_id: str
    env_vars: Many[EnvVarPut]
    secret_files: Many[SecretFilePut] = Field(default_factory=list)
    service_ids: Many[str] = Field(default_factory=list)
    environment_id: str | None = None


class GroupChange(Body):
    """PATCH /env-groups/{id}: the name only."""

    name: Name


def group_body(group: EnvGroup, services: Sequence[Service], *, created: bool = False) -> dict[str, Any]:
    """A group as it is read, newest variable first, with the services that it is linked to."""
    return {
        **group_summary(group, services, created=created),
        "envVars": [env_var_body(variable) for variable in group.env_vars],
        "secretFiles": [secret_file_body(file) for file in group.secret_files],
    }


def group_summary(group: EnvGroup, services: Sequence[Service], *, created: bool = False) -> dict[str, Any]:
    """A group as lists show it: without variables and files."""
    return {
        "id": group.id,
        "name": group.name,
        "ownerId": group.owner_id,
        "createdAt": group.created_at if created else micros(group.created_at),
        "updatedAt": group.updated_at if created else micros(group.updated_at),
        **({"environmentId": group.environment_id} if group.environment_id else {}),
        "serviceLinks": [{"id": item.id, "name": item.name, "type": SHORT[item.type]} for item in services],
    }
