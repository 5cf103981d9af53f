"""The list of AWS regions is the locked SDK's."""

from __future__ import annotations

import boto3

from infra.aws_regions import REGIONS


def test_every_region_that_the_sdk_knows_is_listed() -> None:
    """Neither one too few, which would refuse a stack file that is right, nor one too many."""
    assert sorted(REGIONS) == sorted(boto3.Session().get_available_regions("s3"))
