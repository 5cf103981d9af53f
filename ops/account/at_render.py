"""What exists once per Render workspace: the project that the environments belong to."""

from __future__ import annotations

from console.output import Say
from infra.application import APPLICATION
from infra.config import ENVIRONMENTS
from infra.names import EnvironmentNames
from ops.account.steps import Step
from ops.doors.render import Render


def render_project(render: Render, owner: str, say: Say) -> Step:
    """The project that the environments belong to. One that was renamed is ours still."""

    def there() -> bool:
        listed = render.pages("/projects", {"ownerId": owner, "name": APPLICATION.name}, envelope="project")
        return any(project["name"] == APPLICATION.name for project in listed)

    def make() -> None:
        if renamed := _project_of_ours(render, owner):
            say(f"{renamed} is ours under another name: renaming it")
            render.patch(f"/projects/{renamed}", {"name": APPLICATION.name})
            return
        # Render takes no project without environments; `pulumi up` finds them by name and keeps them.
        environments = [{"name": environment} for environment in ENVIRONMENTS]
        render.post("/projects", {"name": APPLICATION.name, "ownerId": owner, "environments": environments})

    return Step(f"Render project {APPLICATION.name}", there, make)


def _project_of_ours(render: Render, owner: str) -> str | None:
    """The project with an environment of ours that has our database in it."""
    for environment in ENVIRONMENTS:
        name = EnvironmentNames(APPLICATION.name, environment).database
        for database in render.pages("/postgres", {"ownerId": owner, "name": name}, envelope="postgres"):
            if database["name"] == name and database.get("environmentId"):
                place = render.get(f"/environments/{database['environmentId']}")
                if place["name"] == environment:
                    return str(place["projectId"])
    return None
