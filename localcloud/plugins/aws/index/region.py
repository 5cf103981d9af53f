"""Where resources are."""

from __future__ import annotations

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.fields import string
from localcloud.plugins.resource import function
from pulumi_plugin.values import Values


@function("aws:index/getRegion:getRegion", {"id": string(), "name": string(), "endpoint": string(), **tags.REGION})
def get_region(cloud: Aws, args: Values) -> Values:
    """The one named, else the one that resources are in."""
    name = args.get("name") or cloud.region
    endpoint = f"ec2.{name}.amazonaws.com"
    return {"id": name, "name": name, "region": name, "description": name, "endpoint": endpoint}
