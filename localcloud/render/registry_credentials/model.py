"""What a private registry wants to see."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from localcloud.render.api.store import Record

Registry = Literal["GITHUB", "GITLAB", "DOCKER", "GOOGLE_ARTIFACT", "AWS_ECR"]


class RegistryCredential(Record):
    """A user of a registry and its token, which is written and never read back."""

    kind: ClassVar = "registry_credential"

    registry: Registry
    name: str
    username: str
    auth_token: str = Field(repr=False)
    updated_at: str
