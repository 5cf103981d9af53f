"""Names for KMS keys."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.errors import absent_is_fine, code
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.checks import matches, not_starting_with
from localcloud.plugins.fields import Fields, string
from localcloud.plugins.resource import PluginError, Resource, function
from pulumi_plugin.values import Values

_PREFIX = "alias/"
_NAME = (
    matches(r"alias/[0-9A-Za-z_/-]{1,250}", "name must begin with 'alias/' and be comprised of only [0-9A-Za-z_/-]"),
    not_starting_with("alias/aws/", "name cannot begin with reserved AWS CMK prefix 'alias/aws/'"),
)


class Alias(Resource[Aws]):
    """An alias of one key."""

    type_ = "aws:kms/alias:Alias"
    fields: ClassVar[Fields] = {
        "name": string(autoname=250, replace=True, valid=_NAME),
        "targetKeyId": string(required=True),
        **tags.REGION,
    }
    outputs = ("arn", "targetKeyArn")
    constants: ClassVar[Mapping[str, Any]] = {"namePrefix": ""}
    volatile = frozenset({"targetKeyArn"})

    def complete(self, inputs: Values) -> Values:
        """A made-up name gets the prefix that every alias has."""
        made_up = "name" in inputs["__defaults"] and not inputs["name"].startswith(_PREFIX)
        return {**inputs, "name": _PREFIX + inputs["name"]} if made_up else inputs

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """One of the same name for the same key is the same alias."""
        name, target = inputs["name"], inputs["targetKeyId"]
        try:
            cloud.client("kms").create_alias(AliasName=name, TargetKeyId=target)
        except Exception as error:
            if code(error) != "AlreadyExistsException":
                raise
            actual = self.read(cloud, name, inputs)
            if actual is None or actual["targetKeyId"] != target:
                raise
        return name, {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """The key is given back as the program named it: by id or by ARN."""
        for page in cloud.client("kms").get_paginator("list_aliases").paginate():
            for alias in page["Aliases"]:
                if alias["AliasName"] == resource_id and alias.get("TargetKeyId"):
                    key_id = alias["TargetKeyId"]
                    arn = f"{alias['AliasArn'].rsplit(':', 1)[0]}:key/{key_id}"
                    by_arn = str(inputs.get("targetKeyId", "")).startswith("arn:")
                    return {
                        "name": resource_id,
                        "arn": alias["AliasArn"],
                        "targetKeyId": arn if by_arn else key_id,
                        "targetKeyArn": arn,
                    }
        return None

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: AbstractSet[str]) -> None:
        """Point it at another key."""
        cloud.client("kms").update_alias(AliasName=resource_id, TargetKeyId=inputs["targetKeyId"])

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """Remove the name; the key stays."""
        with absent_is_fine():
            cloud.client("kms").delete_alias(AliasName=resource_id)


@function("aws:kms/getAlias:getAlias", {"name": string(required=True), **tags.REGION})
def get_alias(cloud: Aws, args: Values) -> Values:
    """The key that it stands for."""
    for page in cloud.client("kms").get_paginator("list_aliases").paginate():
        for alias in page["Aliases"]:
            if alias["AliasName"] == args["name"] and alias.get("TargetKeyId"):
                arn, key = alias["AliasArn"], alias["TargetKeyId"]
                key_arn = f"{arn.rsplit(':', 1)[0]}:key/{key}"
                values = {"id": arn, "arn": arn, "name": args["name"], "region": cloud.region}
                return {**values, "targetKeyId": key, "targetKeyArn": key_arn}
    raise PluginError(f"no KMS alias is named {args['name']}")
