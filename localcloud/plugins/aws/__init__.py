"""The stand-in for Pulumi's plugin `aws`: the resources and functions that this project declares, by botocore."""

from __future__ import annotations

from localcloud.plugins.aws.provider import AwsProvider
from localcloud.plugins.aws.tables import FUNCTIONS, RESOURCES


def provider() -> AwsProvider:
    """The plugin with all its tables."""
    return AwsProvider([kind() for kind in RESOURCES], FUNCTIONS)
