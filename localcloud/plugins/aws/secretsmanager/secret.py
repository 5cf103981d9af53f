"""Secrets: their names and keepers; the values are versions."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.adopting import adopting
from localcloud.plugins.aws.errors import absent_is_fine, or_none
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.checks import any_of, between, exactly, length, matches
from localcloud.plugins.fields import Fields, boolean, integer, policy, string
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import Values

_NAME = (
    length(1, 512),
    matches(
        r"[\w/+=.@-]*", "must contain only alphanumeric characters and the following special characters: /_+=.@-"
    ),
)


class Secret(Resource[Aws]):
    """One secret; its id is its ARN."""

    type_ = "aws:secretsmanager/secret:Secret"
    fields: ClassVar[Fields] = {
        "name": string(autoname=512, replace=True, valid=_NAME),
        "description": string(valid=(length(0, 2048),)),
        "kmsKeyId": string(),
        "policy": policy(computed=True),
        "recoveryWindowInDays": integer(default=30, local=True, valid=(any_of(between(7, 30), exactly(0)),)),
        "forceOverwriteReplicaSecret": boolean(default=False, local=True),
        **tags.REGION,
        **tags.TAGS,
    }
    outputs = ("arn",)
    constants: ClassVar[Mapping[str, Any]] = {"namePrefix": "", "replicas": []}
    after_create = frozenset({"policy"})

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """One of the same name with exactly these tags is the same secret."""
        manager = cloud.client("secretsmanager")
        wanted: dict[str, Any] = {"Name": inputs["name"], "Description": inputs.get("description", "")}
        if inputs.get("kmsKeyId"):
            wanted["KmsKeyId"] = inputs["kmsKeyId"]
        if inputs.get("tagsAll"):
            wanted["Tags"] = tags.as_list(inputs)
        with adopting(self, cloud, inputs["name"], inputs, taken="ResourceExistsException"):
            return manager.create_secret(**wanted)["ARN"], {}
        return manager.describe_secret(SecretId=inputs["name"])["ARN"], {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is; one on its way to deletion is gone."""
        manager = cloud.client("secretsmanager")
        secret = or_none(manager.describe_secret, SecretId=resource_id)
        if secret is None or secret.get("DeletedDate"):
            return None
        rule = or_none(manager.get_resource_policy, SecretId=resource_id) or {}
        return {
            "arn": secret["ARN"],
            "name": secret["Name"],
            "description": secret.get("Description") or None,
            "kmsKeyId": secret.get("KmsKeyId"),
            "policy": rule.get("ResourcePolicy") or "",
            "tagsAll": tags.as_map(secret.get("Tags", [])),
        }

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: AbstractSet[str]) -> None:
        """Everything but the name can change."""
        manager = cloud.client("secretsmanager")
        if {"description", "kmsKeyId"} & changed:
            key = {"KmsKeyId": inputs["kmsKeyId"]} if inputs.get("kmsKeyId") else {}
            manager.update_secret(SecretId=resource_id, Description=inputs.get("description", ""), **key)
        if "policy" in changed and inputs.get("policy"):
            manager.put_resource_policy(SecretId=resource_id, ResourcePolicy=inputs["policy"])
        if "tagsAll" in changed:
            current = tags.as_map(manager.describe_secret(SecretId=resource_id).get("Tags", []))
            tags.sync(current, inputs, manager.tag_resource, manager.untag_resource, SecretId=resource_id)

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """A recovery window of 0 days frees the name at once."""
        days = int(state.get("recoveryWindowInDays", 30))
        how = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
        if self.read(cloud, resource_id, state) is None:
            return
        with absent_is_fine():
            cloud.client("secretsmanager").delete_secret(SecretId=resource_id, **how)
