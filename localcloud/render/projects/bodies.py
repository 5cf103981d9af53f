"""Projects as Render writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from localcloud.render.api.fields import Body, Name
from localcloud.render.api.ids import micros
from localcloud.render.environments.bodies import EnvironmentSettings
from localcloud.render.environments.model import Environment
from localcloud.render.owners.bodies import owner_body
from localcloud.render.owners.model import Owner
from localcloud.render.projects.model import Project


class ProjectCreate(Body):
    """POST /projects"""

    name: Name
    owner_id: str
    environments: list[EnvironmentSettings]


class ProjectChange(Body):
    """PATCH /projects/{id}"""

    name: Name | None = None


def project_body(project: Project, owner: Owner, environments: Sequence[Environment]) -> dict[str, Any]:
    """A project as it is read; no environments are null."""
    return {
        "id": project.id,
        "name": project.name,
        "createdAt": micros(project.created_at),
        "updatedAt": micros(project.updated_at),
        "owner": owner_body(owner),
        "environmentIds": [environment.id for environment in environments] or None,
    }
