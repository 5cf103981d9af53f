"""The door to Docker: the same `docker buildx build --push` that `pulumi up` runs, with the same login."""

from __future__ import annotations

from pathlib import Path

from console.errors import ExplainedError
from console.output import Say
from registry_provider.provider.docker import Build, Docker
from registry_provider.provider.ecr import Ecr, Repository
from registry_provider.provider.errors import RegistryError


def build(url: str, tag: str, *, context: Path, platform: str, registry_id: str, region: str, say: Say) -> str:
    """Build the Dockerfile of a folder and push it under a tag; gives the digest that the registry has then."""
    ecr = Ecr()
    where = Repository(url.partition("/")[2], registry_id, region)
    name = f"{url}:{tag}"
    try:
        Docker().push(Build(name, str(context), str(context / "Dockerfile"), platform), ecr.login(where), say)
        digest = ecr.digest(where, tag=tag)
    except RegistryError as error:
        raise ExplainedError(str(error)) from error
    if digest is None:
        raise ExplainedError(f"cannot push {name}", "Docker said that it did, and the registry has no such image")
    return digest
