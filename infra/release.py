"""What the release record of an environment says: which image runs there, and what was tested."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import AliasChoices, AwareDatetime, Field, ValidationError, field_validator

from infra.errors import mistakes
from infra.names import EnvironmentNames
from infra.settings import Settings

ROOM = 256
"""Bytes that are left for what going back to it adds to a record: the digest that it replaces, and by whom."""
LONGEST = 4096
"""Bytes of a parameter's value in SSM's standard tier.
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"""
DIGEST = r"^sha256:[0-9a-f]{64}$"

Event = Literal["built", "promoted", "rolled back"]


class ReleaseError(Exception):
    """A record that cannot be deployed."""


class Migration(Settings):
    """One migration that the image holds. The application's own name of it: `exams.0002_seats`."""

    name: str
    reversible: bool | None = None
    """Whether the release before it can go on with the schema that it leaves; None: nobody has looked."""


class Release(Settings):
    """One released image. Written by the pipeline when it releases or promotes, read by `pulumi up`."""

    digest: str = Field(pattern=DIGEST)
    commit: str | None = None
    tree: str | None = None
    migrations: tuple[Migration, ...] = ()
    """All that the image holds, not only those that are new: a rollback compares two such lists."""
    sbom: str | None = None
    """Digest of the image's referrer that lists its packages."""
    provenance: str | None = None
    """Digest of the image's referrer that says, signed, how it was built."""
    test_run: str | None = None
    event: Event | None = None
    by: str | None = None
    at: AwareDatetime | None = None
    source: str | None = Field(
        default=None, validation_alias=AliasChoices("from", "source"), serialization_alias="from"
    )
    """Where a promoted one came from (an environment), and what one that was rolled back to replaced (a digest)."""

    @field_validator("migrations", mode="before")
    @classmethod
    def _names_alone(cls, given: Any) -> Any:
        """As the first records had them."""
        if isinstance(given, list | tuple):
            return tuple({"name": one} if isinstance(one, str) else one for one in given)
        return given

    def again(self, *, instead_of: str, by: str, at: datetime) -> Release:
        """The record of a release that one goes back to."""
        return self.model_copy(update={"event": "rolled back", "source": instead_of, "by": by, "at": at})

    def stored(self) -> str:
        """As SSM keeps it; what nobody has said is left out."""
        record = self.model_dump_json(by_alias=True, exclude_defaults=True)
        longest = LONGEST if self.event == "rolled back" else LONGEST - ROOM
        if (size := len(record.encode())) > longest:
            raise ReleaseError(
                f"the release record of {self.digest} is too long: {size} bytes with {len(self.migrations)} "
                f"migrations, and {longest} are allowed, of the {LONGEST} that SSM keeps\n\n"
                "hint: squash migrations that every environment has: ./manage.py squashmigrations"
            )
        return record


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
        f"or go back to one that is there: ./slipway release list {environment} shows those before, and "
        f"./slipway release rollback {environment} --to NUMBER records one\n"
        f"or run what this checkout holds: aws ssm delete-parameter --name {parameter}\n"
        f"{again}"
    )
