"""Whose credentials these are."""

from __future__ import annotations

from localcloud.plugins.aws.session import Aws
from localcloud.plugins.fields import string
from localcloud.plugins.resource import function
from pulumi_plugin.values import Values


@function("aws:index/getCallerIdentity:getCallerIdentity", {"id": string()})
def get_caller_identity(cloud: Aws, args: Values) -> Values:
    """Asked of STS once, and kept."""
    who = cloud.session.identity(cloud.region)
    return {"accountId": who["Account"], "arn": who["Arn"], "userId": who["UserId"], "id": who["Account"]}
