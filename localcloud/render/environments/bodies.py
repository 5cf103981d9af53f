"""Environments as Render writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from localcloud.render.api.fields import Body, Cidr, Many, Name
from localcloud.render.environments.model import Environment, Protection


class EnvironmentSettings(Body):
    """An environment inside POST /projects."""

    name: Name
    protected_status: Protection = "unprotected"
    network_isolation_enabled: bool = False
    ip_allow_list: Many[Cidr] = Field(default_factory=list)


class EnvironmentCreate(EnvironmentSettings):
    """POST /environments"""

    project_id: str


class EnvironmentChange(Body):
    """PATCH /environments/{id}"""

    name: Name | None = None
    protected_status: Protection | None = None
    network_isolation_enabled: bool | None = None
    ip_allow_list: Many[Cidr] = Field(default_factory=list)


class Members(Body):
    """POST /environments/{id}/resources"""

    resource_ids: list[str] = Field(min_length=1)


def environment_body(environment: Environment, members: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """An environment as it is read, with the ids of its members by kind: what is empty is null."""
    return {
        "id": environment.id,
        "name": environment.name,
        "projectId": environment.project_id,
        "protectedStatus": environment.protected_status,
        "networkIsolationEnabled": environment.network_isolation_enabled,
        **{field: list(ids) or None for field, ids in members.items()},
        "ipAllowList": [{"cidrBlock": "0.0.0.0/0", "description": "everywhere"}],
    }
