"""An environment of a Render project. https://api-docs.render.com/reference/create-environment"""

from __future__ import annotations

from typing import Literal

from render_api.errors import NotFound, RenderError
from render_provider.provider.resource import Change, Found, Inputs, Lists, Resource, Values
from render_provider.provider.task import Task

HOLDS = {
    "serviceIds": "service",
    "databasesIds": "database",
    "redisIds": "key-value store",
    "envGroupIds": "env group",
}


class EnvironmentInputs(Inputs):
    """A fence around what belongs together."""

    project_id: str
    name: str
    protected_status: Literal["protected", "unprotected"] | None = None
    network_isolation_enabled: bool | None = None


class Environment(Resource[EnvironmentInputs]):
    """Render deletes all that is in an environment with it, so ours is only deleted when it is empty."""

    type_ = "render:index:Environment"
    inputs = EnvironmentInputs
    replace_on = frozenset({"projectId"})
    delete_first = False  # the new one is in another project; what is inside moves there

    def listed(self, lists: Lists, key: str, state: Values) -> bool:
        return key in lists("/environments", {"projectId": str(state.get("projectId"))})

    def lost(self, state: Values) -> str:
        return "everything that was in it"

    def find(self, task: Task, want: EnvironmentInputs) -> str | None:
        listed = task.client.pages(
            "/environments", {"projectId": want.project_id, "name": want.name}, envelope="environment"
        )
        return next((found["id"] for found in listed if found["name"] == want.name), None)

    def create(self, task: Task, want: EnvironmentInputs) -> str:
        return str(task.client.post("/environments", want.given())["id"])

    def read(self, task: Task, key: str, known: Values) -> Found:
        found = task.client.get(f"/environments/{key}")
        return Found(
            {
                "projectId": found["projectId"],
                "name": found["name"],
                "protectedStatus": found.get("protectedStatus", "unprotected"),
                "networkIsolationEnabled": found.get("networkIsolationEnabled", False),
            }
        )

    def update(self, task: Task, key: str, want: EnvironmentInputs, change: Change) -> None:
        body = {name: value for name, value in want.given().items() if name in change.changed}
        if body:
            task.client.patch(f"/environments/{key}", body)

    def delete(self, task: Task, key: str, state: Values) -> None:
        try:
            found = task.client.get(f"/environments/{key}")
        except NotFound:
            return
        inside = [f"{noun} {item}" for name, noun in HOLDS.items() for item in found.get(name) or []]
        if inside:
            raise RenderError(
                f"will not delete environment {found['name']} ({key})",
                f"Render would delete everything in it: {', '.join(inside)}",
                hint="delete or move those first, by name",
            )
        task.client.delete(f"/environments/{key}")
