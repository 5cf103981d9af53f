"""IAM roles."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from localcloud.plugins.aws import iam_names, tags
from localcloud.plugins.aws.adopting import adopting
from localcloud.plugins.aws.errors import absent_is_fine, or_none
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.aws.shapes import as_json
from localcloud.plugins.checks import arn, between, length
from localcloud.plugins.fields import Fields, boolean, integer, policy, string, unordered
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import Values


class Role(Resource[Aws]):
    """One role; its id is its name."""

    type_ = "aws:iam/role:Role"
    fields: ClassVar[Fields] = {
        "name": string(autoname=64, replace=True, valid=iam_names.name(64)),
        "path": string(default="/", replace=True, valid=iam_names.PATH),
        "assumeRolePolicy": policy(required=True),
        "description": string(valid=(length(0, 1000),)),
        "maxSessionDuration": integer(default=3600, valid=(between(3600, 43200),)),
        "permissionsBoundary": string(valid=(arn,)),
        "managedPolicyArns": unordered(string(valid=(arn,)), computed=True),
        "forceDetachPolicies": boolean(default=False, local=True),
        **tags.TAGS,
    }
    outputs = ("arn", "createDate", "uniqueId")
    constants: ClassVar[Mapping[str, Any]] = {"namePrefix": ""}
    after_create = frozenset({"managedPolicyArns"})

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """One of the same name with exactly these tags is the same role."""
        wanted: dict[str, Any] = {
            "RoleName": inputs["name"],
            "Path": inputs["path"],
            "AssumeRolePolicyDocument": inputs["assumeRolePolicy"],
            "MaxSessionDuration": inputs["maxSessionDuration"],
            "Tags": tags.as_list(inputs),
        }
        if inputs.get("description"):
            wanted["Description"] = inputs["description"]
        if inputs.get("permissionsBoundary"):
            wanted["PermissionsBoundary"] = inputs["permissionsBoundary"]
        with adopting(self, cloud, inputs["name"], inputs, taken="EntityAlreadyExists"):
            cloud.client("iam").create_role(**wanted)
        return inputs["name"], {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is."""
        iam = cloud.client("iam")
        answer = or_none(iam.get_role, RoleName=resource_id)
        if answer is None:
            return None
        role = answer["Role"]
        document = role["AssumeRolePolicyDocument"]
        return {
            "name": role["RoleName"],
            "path": role["Path"],
            "arn": role["Arn"],
            "uniqueId": role["RoleId"],
            "createDate": role["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "assumeRolePolicy": as_json(document),
            "description": role.get("Description") or None,
            "maxSessionDuration": role.get("MaxSessionDuration", 3600),
            "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "managedPolicyArns": _attached(iam, resource_id),
            "tagsAll": tags.as_map(role.get("Tags", [])),
        }

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: AbstractSet[str]) -> None:
        """Everything but name and path can change."""
        iam = cloud.client("iam")
        if "assumeRolePolicy" in changed:
            iam.update_assume_role_policy(RoleName=resource_id, PolicyDocument=inputs["assumeRolePolicy"])
        if {"description", "maxSessionDuration"} & changed:
            iam.update_role(
                RoleName=resource_id,
                Description=inputs.get("description", ""),
                MaxSessionDuration=inputs["maxSessionDuration"],
            )
        if "permissionsBoundary" in changed:
            boundary = inputs.get("permissionsBoundary")
            if boundary:
                iam.put_role_permissions_boundary(RoleName=resource_id, PermissionsBoundary=boundary)
            elif "PermissionsBoundary" in iam.get_role(RoleName=resource_id)["Role"]:
                iam.delete_role_permissions_boundary(RoleName=resource_id)
        if "managedPolicyArns" in changed and "managedPolicyArns" in inputs:
            wanted, current = set(inputs["managedPolicyArns"]), set(_attached(iam, resource_id))
            for arn in sorted(wanted - current):
                iam.attach_role_policy(RoleName=resource_id, PolicyArn=arn)
            for arn in sorted(current - wanted):
                iam.detach_role_policy(RoleName=resource_id, PolicyArn=arn)
        if "tagsAll" in changed:
            current_tags = tags.as_map(iam.list_role_tags(RoleName=resource_id)["Tags"])
            tags.sync(current_tags, inputs, iam.tag_role, iam.untag_role, RoleName=resource_id)

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """Policies that the program attached go first; others only when `forceDetachPolicies` says so."""
        iam = cloud.client("iam")
        with absent_is_fine():
            forced = bool(state.get("forceDetachPolicies"))
            for arn in _attached(iam, resource_id):
                if forced or arn in (state.get("managedPolicyArns") or []):
                    iam.detach_role_policy(RoleName=resource_id, PolicyArn=arn)
            for name in iam.list_role_policies(RoleName=resource_id)["PolicyNames"] if forced else ():
                iam.delete_role_policy(RoleName=resource_id, PolicyName=name)
            iam.delete_role(RoleName=resource_id)


def _attached(iam: Any, role: str) -> list[str]:
    pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=role)
    return sorted(each["PolicyArn"] for page in pages for each in page["AttachedPolicies"])
