"""Looking up a Render project by name. https://api-docs.render.com/reference/list-projects"""

from __future__ import annotations

from pulumi_plugin.values import Values
from render_api.errors import RenderError
from render_provider.provider.function import Function
from render_provider.provider.resource import Inputs, Outputs
from render_provider.provider.task import Task


class ProjectInputs(Inputs):
    """Which project."""

    name: str
    """As Render's dashboard shows it."""


class Project(Outputs):
    """A project, which holds environments."""

    id: str
    """Render's own id, `prj-…`."""
    name: str
    """As Render's dashboard shows it."""
    environment_ids: list[str]
    """The environments in it."""


class GetProject(Function):
    """The project of that name in the workspace."""

    function = "render:index:getProject"
    inputs = ProjectInputs
    outputs = Project

    def call(self, task: Task, asked: Values) -> Values:
        name = asked.get("name")
        projects = task.client.pages("/projects", {"ownerId": task.owner_id, "name": str(name)}, envelope="project")
        named = [project for project in projects if project["name"] == name]
        if not named:
            raise RenderError(
                self.function, f"no project named {name} in {task.owner_id}", hint="./slipway bootstrap"
            )
        if len(named) > 1:
            raise RenderError(self.function, f"{len(named)} projects are named {name} in {task.owner_id}")
        [project] = named
        return {"id": project["id"], "name": project["name"], "environmentIds": project.get("environmentIds") or []}
