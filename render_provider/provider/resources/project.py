"""Looking up a Render project by name. https://api-docs.render.com/reference/list-projects"""

from __future__ import annotations

from render_api.errors import RenderError
from render_provider.provider.resource import Values
from render_provider.provider.task import Task


def get_project(task: Task, args: Values) -> Values:
    """The project of that name in the workspace."""
    name = args.get("name")
    listed = task.client.pages("/projects", {"ownerId": task.owner_id, "name": str(name)}, envelope="project")
    named = [project for project in listed if project["name"] == name]
    if not named:
        raise RenderError(
            "render:index:getProject", f"no project named {name} in {task.owner_id}", hint="./slipway bootstrap"
        )
    if len(named) > 1:
        raise RenderError("render:index:getProject", f"{len(named)} projects are named {name} in {task.owner_id}")
    return {"id": named[0]["id"], "name": named[0]["name"], "environmentIds": named[0].get("environmentIds") or []}
