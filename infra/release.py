"""What the release record of an environment says: which image runs there, and what was tested."""

from __future__ import annotations

from pydantic import Field, ValidationError

from infra.config import Settings
from infra.errors import mistakes


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
