"""Where in AWS an environment lives, and where its neighbours do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from infra.aws_regions import AwsRegion
from infra.names import EnvironmentNames


class Aws(BaseModel):
    """The settings of the AWS plugin that names and policies need too; it may have others, which are its own."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    region: AwsRegion
    allowedAccountIds: tuple[Annotated[str, Field(pattern=r"^\d{12}$")]] = Field(  # noqa: N815 (the plugin's own name)
        description="The one account this environment lives in; credentials of another are refused."
    )

    @property
    def account(self) -> str:
        return self.allowedAccountIds[0]

    def arn(self, service: str, resource: str) -> str:
        """The address of what has a region and an account."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


@dataclass(frozen=True)
class Neighbour:
    """Another environment as far as this one has to do with it: its names, and where it is in AWS."""

    names: EnvironmentNames
    aws: Aws
