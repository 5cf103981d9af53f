"""All parameters below a path."""

from __future__ import annotations

from typing import Any

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.fields import boolean, string
from localcloud.plugins.resource import function
from pulumi_plugin.values import Values


@function(
    "aws:ssm/getParametersByPath:getParametersByPath",
    {"path": string(required=True), "recursive": boolean(), "withDecryption": boolean(), **tags.REGION},
)
def get_parameters_by_path(cloud: Aws, args: Values) -> Values:
    """Their names and values, in AWS's order."""
    decrypted = args.get("withDecryption", True)
    recursive = args.get("recursive", False)
    pages = cloud.client("ssm").get_paginator("get_parameters_by_path")
    parameters: list[Any] = []
    for page in pages.paginate(Path=args["path"], Recursive=recursive, WithDecryption=decrypted):
        parameters.extend(page["Parameters"])
    return {
        "id": args["path"],
        "path": args["path"],
        "region": cloud.region,
        "recursive": recursive,
        "withDecryption": decrypted,
        "arns": [each["ARN"] for each in parameters],
        "names": [each["Name"] for each in parameters],
        "types": [each["Type"] for each in parameters],
        "values": [each["Value"] for each in parameters],
    }
