"""IAM users."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from localcloud.plugins.aws import iam_names, tags
from localcloud.plugins.aws.adopting import adopting
from localcloud.plugins.aws.errors import absent_is_fine, or_none
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.checks import arn
from localcloud.plugins.fields import Fields, boolean, string
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import Values


class User(Resource[Aws]):
    """One user; its id is its name."""

    type_ = "aws:iam/user:User"
    fields: ClassVar[Fields] = {
        "name": string(autoname=64, replace=True, valid=iam_names.name(64)),
        "path": string(default="/", replace=True, valid=iam_names.PATH),
        "permissionsBoundary": string(valid=(arn,)),
        "forceDestroy": boolean(default=False, local=True),
        **tags.TAGS,
    }
    outputs = ("arn", "uniqueId")

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """One of the same name with exactly these tags is the same user."""
        wanted: dict[str, Any] = {"UserName": inputs["name"], "Path": inputs["path"], "Tags": tags.as_list(inputs)}
        if inputs.get("permissionsBoundary"):
            wanted["PermissionsBoundary"] = inputs["permissionsBoundary"]
        with adopting(self, cloud, inputs["name"], inputs, taken="EntityAlreadyExists"):
            cloud.client("iam").create_user(**wanted)
        return inputs["name"], {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is."""
        iam = cloud.client("iam")
        answer = or_none(iam.get_user, UserName=resource_id)
        if answer is None:
            return None
        user = answer["User"]
        return {
            "name": user["UserName"],
            "path": user["Path"],
            "arn": user["Arn"],
            "uniqueId": user["UserId"],
            "permissionsBoundary": user.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "tagsAll": tags.as_map(iam.list_user_tags(UserName=resource_id)["Tags"]),
        }

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: AbstractSet[str]) -> None:
        """Boundary and tags can change."""
        iam = cloud.client("iam")
        if "permissionsBoundary" in changed:
            boundary = inputs.get("permissionsBoundary")
            if boundary:
                iam.put_user_permissions_boundary(UserName=resource_id, PermissionsBoundary=boundary)
            elif "PermissionsBoundary" in iam.get_user(UserName=resource_id)["User"]:
                iam.delete_user_permissions_boundary(UserName=resource_id)
        if "tagsAll" in changed:
            current = tags.as_map(iam.list_user_tags(UserName=resource_id)["Tags"])
            tags.sync(current, inputs, iam.tag_user, iam.untag_user, UserName=resource_id)

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """One with keys or policies of others goes only when `forceDestroy` says so."""
        iam = cloud.client("iam")
        with absent_is_fine():
            if state.get("forceDestroy"):
                for key in iam.list_access_keys(UserName=resource_id)["AccessKeyMetadata"]:
                    iam.delete_access_key(UserName=resource_id, AccessKeyId=key["AccessKeyId"])
                for name in iam.list_user_policies(UserName=resource_id)["PolicyNames"]:
                    iam.delete_user_policy(UserName=resource_id, PolicyName=name)
            iam.delete_user(UserName=resource_id)
