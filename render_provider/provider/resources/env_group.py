"""Variables shared by several services. https://api-docs.render.com/reference/create-env-group"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pulumi_plugin.values import Values
from render_provider.provider.keyed import PATHS, listed, mapped, sync
from render_provider.provider.placement import move
from render_provider.provider.resource import Actual, Change, Inputs, Resource, one_here
from render_provider.provider.task import Task


class EnvGroupInputs(Inputs):
    """What an env group may say. Only the variables named here are managed."""

    name: str
    """As Render's dashboard shows it."""
    environment_id: str | None = None
    """The environment whose services may use it: moved to another, never taken out of one."""
    env_vars: dict[str, str] | None = None
    """Variables by name. Others that somebody sets at Render are left alone."""
    secret_files: dict[str, str] | None = None
    """Contents by file name, in /etc/secrets. Others that somebody adds at Render are left alone."""


class EnvGroup(Resource[EnvGroupInputs]):
    """Variables shared by several services. Hand `revision` to the `Deploy`s of those.

    Changing a group starts no deploy.
    """

    type_ = "render:index:EnvGroup"
    import_id = "evg-…"
    inputs = EnvGroupInputs
    folder = "/env-groups"
    secrets = frozenset({"envVars", "secretFiles"})
    maps = frozenset({"envVars", "secretFiles"})
    resets: ClassVar[Mapping[str, Any]] = {"envVars": {}, "secretFiles": {}}
    release = frozenset({"envVars", "secretFiles"})

    def find(self, task: Task, want: EnvGroupInputs) -> str | None:
        groups = task.client.pages("/env-groups", {"ownerId": task.owner_id, "name": want.name}, envelope="envGroup")
        return one_here(self.type_, want.name, want.environment_id, list(groups))

    def create(self, task: Task, want: EnvGroupInputs) -> str:
        body = {**want.given(), "ownerId": task.owner_id, "envVars": listed("envVars", want.env_vars)}
        if want.secret_files:
            body["secretFiles"] = listed("secretFiles", want.secret_files)
        return str(task.client.post("/env-groups", body)["id"])

    def read(self, task: Task, key: str, known: Values) -> Actual:
        group = task.client.get(f"/env-groups/{key}")
        return Actual(
            {
                "name": group["name"],
                "environmentId": group.get("environmentId"),
                "envVars": mapped("envVars", group.get("envVars")),
                "secretFiles": mapped("secretFiles", group.get("secretFiles")) or None,
            }
        )

    def update(self, task: Task, key: str, want: EnvGroupInputs, change: Change) -> None:
        if "name" in change.changed:
            task.client.patch(f"/env-groups/{key}", {"name": want.name})
        if "environmentId" in change.changed and want.environment_id:
            move(task, key, want.environment_id)
        if change.changed & PATHS.keys():
            group = task.client.get(f"/env-groups/{key}")
            for name, asked in (("envVars", want.env_vars), ("secretFiles", want.secret_files)):
                if name in change.changed:
                    sync(task, f"/env-groups/{key}", name, asked or {}, mapped(name, group.get(name)), change)

    def delete(self, task: Task, key: str, state: Values) -> None:
        task.client.delete(f"/env-groups/{key}")
