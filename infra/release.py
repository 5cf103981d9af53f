"""What the release record of an environment says: which image runs there, and what was tested."""

from __future__ import annotations

from pydantic import Field, ValidationError

from infra.errors import mistakes
from infra.names import EnvironmentNames
from infra.settings import Settings


class ReleaseError(Exception):
    """A record that cannot be deployed."""


class Release(Settings):
    """One released image. Written by the pipeline when it releases or promotes, read by `pulumi up`."""

    digest: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    commit: str | None = None
    tree: str | None = None
    migrations: tuple[str, ...] = ()
    sbom: str | None = None
    provenance: str | None = None
    test_run: str | None = None


def parse(record: str, *, parameter: str) -> Release:
    """Read a record, or say what is wrong with it."""
    try:
        return Release.model_validate_json(record)
    except ValidationError as error:
        wrong = "; ".join(mistakes(error, Release))
        raise ReleaseError(
            f"the release record {parameter} cannot be read: {wrong}\n\n"
            f"hint: aws ssm get-parameter-history --name {parameter}"
        ) from error


def image_gone(release: Release, repository: str | None, names: EnvironmentNames) -> str:
    """What to read when the released image is not in the registry: nothing here can build the same again."""
    environment, parameter = names.environment, names.release
    again = f"then: ./slipway up {environment}"
    if repository is None:
        return (
            f"cannot deploy the release of {environment}: its image {release.digest} cannot be anywhere, because "
            f"there is no repository {names.repository} yet\n\n"
            f"hint: begin with an image of this checkout: aws ssm delete-parameter --name {parameter}; {again}"
        )
    copied = f"{repository}:restored-{release.digest.removeprefix('sha256:')[:12]}"
    return (
        f"cannot deploy the release of {environment}: its image {release.digest} is no longer in {repository}\n\n"
        f"hint: copy it back from a registry that has it (OTHER): crane copy OTHER@{release.digest} {copied}\n"
        f"or release one that is there: aws ssm get-parameter-history --name {parameter} shows those before, and "
        f"aws ssm put-parameter --overwrite --name {parameter} --value RECORD writes one\n"
        f"or run what this checkout holds: aws ssm delete-parameter --name {parameter}\n"
        f"{again}"
    )
