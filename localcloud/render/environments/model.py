"""A part of a project that resources can be in, protected and isolated as a whole."""

from __future__ import annotations

from typing import ClassVar, Literal

from localcloud.render.api.errors import ApiError
from localcloud.render.api.store import Record, Store

Protection = Literal["unprotected", "protected"]


class Environment(Record):
    """Its members point to it: services, databases, key value stores and env groups."""

    kind: ClassVar = "environment"

    name: str
    project_id: str
    protected_status: Protection
    network_isolation_enabled: bool


class Member(Record):
    """What can be in an environment, or in none."""

    environment_id: str | None
    updated_at: str


def check_environment(store: Store, environment_id: str | None) -> None:
    """Refuse an environment that does not exist; none at all is fine."""
    if environment_id and store.get(Environment, environment_id) is None:
        raise ApiError(400, f"environmentId: no environment {environment_id}")
