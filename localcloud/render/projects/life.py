"""How projects come and go."""

from __future__ import annotations

from localcloud.render.api import ids
from localcloud.render.environments import life as environments
from localcloud.render.local_render import LocalRender
from localcloud.render.projects.bodies import ProjectCreate
from localcloud.render.projects.model import Project


def create(render: LocalRender, want: ProjectCreate) -> Project:
    """A project with its first environments."""
    stamp = ids.micros(ids.now())
    project = render.store.put(Project(id=ids.new("prj"), name=want.name, created_at=stamp, updated_at=stamp))
    for settings in want.environments:
        environments.create(render, project.id, settings)
    return project


async def remove(render: LocalRender, project: Project) -> None:
    """Delete a project with every environment and everything in them."""
    for environment in environments.of_project(render, project.id):
        await environments.remove(render, environment)
    render.store.remove(project)
