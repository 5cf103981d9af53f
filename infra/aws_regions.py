"""The AWS regions that there are: a misspelt one would be a host name that nobody answers to."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator

REGIONS = (
    "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
    "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4",
    "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1",
    "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3",
    "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2",
    "us-west-1", "us-west-2",
)  # fmt: skip


def _known(name: str) -> str:
    if name not in REGIONS:
        close = get_close_matches(name, REGIONS, n=1)
        raise ValueError(f"`{name}` is not an AWS region" + (f"; did you mean `{close[0]}`?" if close else ""))
    return name


AwsRegion = Annotated[str, AfterValidator(_known)]
