"""Which of Amazon's clouds this is."""

from __future__ import annotations

from localcloud.plugins.aws.session import Aws
from localcloud.plugins.fields import string
from localcloud.plugins.resource import function
from pulumi_plugin.values import Values


@function("aws:index/getPartition:getPartition", {"id": string()})
def get_partition(cloud: Aws, args: Values) -> Values:
    """By the region's name."""
    china = cloud.region.startswith("cn-")
    name = "aws-cn" if china else "aws-us-gov" if cloud.region.startswith("us-gov-") else "aws"
    suffix = "amazonaws.com.cn" if china else "amazonaws.com"
    reverse = ".".join(reversed(suffix.split(".")))
    return {"id": name, "partition": name, "dnsSuffix": suffix, "reverseDnsPrefix": reverse}
