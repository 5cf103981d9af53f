"""What Pulumi.preview.yaml says of all previews, and what makes one of it: a pull request. Imports no Pulumi."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from infra import variables
from infra.names import Names, PreviewNames, preview
from infra.running import Running


class Previews(Running):
    """What they share. Nothing of it is in AWS but the state, and the role that may read and write that alone.

    `branch` is the one whose workflow makes them; of one preview it is the pull request's own.
    """

    environment: Literal["preview"]
    auto_deploy: Literal["off"] = "off"  # what is not asked for by the workflow of a reviewed branch is not deployed
    days: int = Field(default=7, ge=1, le=30, description="After its last deploy one is removed.")
    at_once: int = Field(default=5, ge=1, le=50, description="How many there may be, which bounds what they cost.")

    @property
    def migrate(self) -> str:
        """It has no data of anybody: it is given made-up ones."""
        return self.application.sample

    @model_validator(mode="after")
    def _rules(self) -> Self:
        wrong = [f"{path}: `{host}` would be every preview's: it has Render's own" for path, host in self._named()]
        wrong += self.database_breaches() + variables.breaches(self.names, self.variables, ())
        if self.database.ip_allow_list:
            wrong.append("database/ip_allow_list: a preview's is reached by its own services alone")
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    def _named(self) -> list[tuple[str, str]]:
        return list(self.declared.with_paths())


class Preview(Previews):
    """The one of a pull request."""

    pull: int = Field(ge=1)
    commit: str = Field(pattern=r"^[0-9a-f]{40}$", description="What was to be deployed last.")
    until: datetime

    @property
    def stack(self) -> str:
        return preview(self.pull)

    @property
    def names(self) -> Names:
        """As any environment has them, by its stack."""
        return PreviewNames(self.application.name, self.stack, self.aws.account)
