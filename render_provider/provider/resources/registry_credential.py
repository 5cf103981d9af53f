"""A login to a container registry. https://api-docs.render.com/reference/create-registry-credential"""

from __future__ import annotations

from typing import Literal

from render_provider.provider.resource import Change, Found, Inputs, Resource, Values
from render_provider.provider.task import Task


class RegistryCredentialInputs(Inputs):
    """For AWS_ECR the username is an access key id and the token its secret key."""

    name: str
    registry: Literal["GITHUB", "GITLAB", "DOCKER", "GOOGLE_ARTIFACT", "AWS_ECR"]
    username: str
    auth_token: str


class RegistryCredential(Resource[RegistryCredentialInputs]):
    """It belongs to the workspace. Render never tells the token, so the one that we sent counts."""

    type_ = "render:index:RegistryCredential"
    inputs = RegistryCredentialInputs
    folder = "/registrycredentials"
    secrets = frozenset({"authToken"})
    release = frozenset({"registry", "username", "authToken"})

    def find(self, task: Task, want: RegistryCredentialInputs) -> str | None:
        listed = task.client.pages("/registrycredentials", {"ownerId": task.owner_id, "name": want.name})
        return next((found["id"] for found in listed if found["name"] == want.name), None)

    def create(self, task: Task, want: RegistryCredentialInputs) -> str:
        return str(task.client.post("/registrycredentials", {**want.given(), "ownerId": task.owner_id})["id"])

    def read(self, task: Task, key: str, known: Values) -> Found:
        found = task.client.get(f"/registrycredentials/{key}")
        return Found({name: found[name] for name in ("name", "registry", "username")})

    def update(self, task: Task, key: str, want: RegistryCredentialInputs, change: Change) -> None:
        if change.changed:
            task.client.patch(f"/registrycredentials/{key}", want.given())  # Render wants all four, always

    def delete(self, task: Task, key: str, state: Values) -> None:
        task.client.delete(f"/registrycredentials/{key}")
