"""Every resource is in a region."""

from __future__ import annotations

from tests.support.aws_daemon import Aws, refused


def test_the_region_of_the_request_is_the_region_of_the_resource(aws: Aws) -> None:
    """What is made in one region is not seen in another."""
    here, there = aws.client("ssm"), aws.client("ssm", region_name="us-west-2")

    there.put_parameter(Name="/elsewhere", Value="x", Type="String")

    found = there.get_parameter(Name="/elsewhere")["Parameter"]["ARN"]
    assert found == "arn:aws:ssm:us-west-2:123456789012:parameter/elsewhere"
    refused("ParameterNotFound", here.get_parameter, Name="/elsewhere")
