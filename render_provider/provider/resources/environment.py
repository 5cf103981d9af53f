"""An environment of a Render project. https://api-docs.render.com/reference/create-environment"""

from __future__ import annotations

from typing import Literal

from pulumi_plugin.values import Values
from render_api.errors import NotFound, RenderError
from render_provider.provider.resource import Actual, Change, Inputs, Lists, Resource
from render_provider.provider.task import Task

HOLDS = {
    "serviceIds": "service",
    "databasesIds": "database",
    "redisIds": "key-value store",
    "envGroupIds": "env group",
}


class EnvironmentInputs(Inputs):
    """What an environment may say."""

    project_id: str
    """The project that it is part of."""
    name: str
    """As Render's dashboard shows it."""
    protected_status: Literal["protected", "unprotected"] | None = None
    """Of a `protected` one only the workspace's admins change what is secret, or delete and move what is in it."""
    network_isolation_enabled: bool | None = None
    """Whether its private network is closed to other environments; needs a Pro workspace."""


class Environment(Resource[EnvironmentInputs]):
    """A fence around what belongs together. Only an empty one is deleted.

    Render itself would delete all that is in it.
    """

    type_ = "render:index:Environment"
    import_id = "evm-…"
    inputs = EnvironmentInputs
    replace_on = frozenset({"projectId"})
    delete_first = False  # the new one is in another project; what is inside moves there

    def listed(self, lists: Lists, key: str, state: Values) -> bool:
        return key in lists("/environments", {"projectId": str(state.get("projectId"))})

    def lost(self, state: Values) -> str:
        return "everything that was in it"

    def find(self, task: Task, want: EnvironmentInputs) -> str | None:
        environments = task.client.pages(
            "/environments", {"projectId": want.project_id, "name": want.name}, envelope="environment"
        )
        return next((environment["id"] for environment in environments if environment["name"] == want.name), None)

    def create(self, task: Task, want: EnvironmentInputs) -> str:
        return str(task.client.post("/environments", want.given())["id"])

    def read(self, task: Task, key: str, known: Values) -> Actual:
        environment = task.client.get(f"/environments/{key}")
        return Actual(
            {
                "projectId": environment["projectId"],
                "name": environment["name"],
                "protectedStatus": environment.get("protectedStatus", "unprotected"),
                "networkIsolationEnabled": environment.get("networkIsolationEnabled", False),
            }
        )

    def update(self, task: Task, key: str, want: EnvironmentInputs, change: Change) -> None:
        body = {name: value for name, value in want.given().items() if name in change.changed}
        if body:
            task.client.patch(f"/environments/{key}", body)

    def delete(self, task: Task, key: str, state: Values) -> None:
        try:
            environment = task.client.get(f"/environments/{key}")
        except NotFound:
            return
        inside = [f"{noun} {item}" for name, noun in HOLDS.items() for item in environment.get(name) or []]
        if inside:
            raise RenderError(
                f"will not delete environment {environment['name']} ({key})",
                f"Render would delete everything in it: {', '.join(inside)}",
                hint="delete or move those first, by name",
            )
        task.client.delete(f"/environments/{key}")
