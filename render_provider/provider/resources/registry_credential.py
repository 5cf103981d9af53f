"""A login to a container registry. https://api-docs.render.com/reference/create-registry-credential"""

from __future__ import annotations

from typing import Literal

from pulumi_plugin.values import Values
from render_provider.provider.resource import Actual, Change, Inputs, Resource
from render_provider.provider.task import Task


class RegistryCredentialInputs(Inputs):
    """A login. For AWS_ECR: an access key id and its secret key."""

    name: str
    """As Render's dashboard shows it."""
    registry: Literal["GITHUB", "GITLAB", "DOCKER", "GOOGLE_ARTIFACT", "AWS_ECR"]
    """Whose registry it is."""
    username: str
    """For AWS_ECR an access key's id."""
    auth_token: str
    """For AWS_ECR that key's secret."""


class RegistryCredential(Resource[RegistryCredentialInputs]):
    """A login to a container registry. Hand `revision` to the `Deploy`s of what it pulls.

    It belongs to the workspace. Render never tells `auth_token`, so the one that was sent counts, and an import
    lacks it.
    """

    type_ = "render:index:RegistryCredential"
    import_id = "rgc-…"
    inputs = RegistryCredentialInputs
    folder = "/registrycredentials"
    secrets = frozenset({"authToken"})
    release = frozenset({"registry", "username", "authToken"})

    def find(self, task: Task, want: RegistryCredentialInputs) -> str | None:
        credentials = task.client.pages("/registrycredentials", {"ownerId": task.owner_id, "name": want.name})
        return next((credential["id"] for credential in credentials if credential["name"] == want.name), None)

    def create(self, task: Task, want: RegistryCredentialInputs) -> str:
        return str(task.client.post("/registrycredentials", {**want.given(), "ownerId": task.owner_id})["id"])

    def read(self, task: Task, key: str, known: Values) -> Actual:
        credential = task.client.get(f"/registrycredentials/{key}")
        return Actual({name: credential[name] for name in ("name", "registry", "username")})

    def update(self, task: Task, key: str, want: RegistryCredentialInputs, change: Change) -> None:
        if change.changed:
            task.client.patch(f"/registrycredentials/{key}", want.given())  # Render wants all four, always

    def delete(self, task: Task, key: str, state: Values) -> None:
        task.client.delete(f"/registrycredentials/{key}")
