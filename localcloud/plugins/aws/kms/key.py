"""KMS keys."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.errors import absent_is_fine, or_none
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.checks import between, length, one_of
from localcloud.plugins.fields import Fields, boolean, integer, policy, string
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import Values

_TAG = ("TagKey", "TagValue")
_USAGES = ("SIGN_VERIFY", "ENCRYPT_DECRYPT", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT")
_SPECS = (
    *("SYMMETRIC_DEFAULT", "RSA_2048", "RSA_3072", "RSA_4096", "SM2"),
    *("ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519"),
    *("HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87"),
)


class Key(Resource[Aws]):
    """A key has no name of its own: one that a killed run left over is known by its tags and by having no alias."""

    type_ = "aws:kms/key:Key"
    fields: ClassVar[Fields] = {
        "description": string(computed=True, valid=(length(0, 8192),)),
        "customerMasterKeySpec": string(default="SYMMETRIC_DEFAULT", replace=True, valid=(one_of(*_SPECS),)),
        "keyUsage": string(default="ENCRYPT_DECRYPT", replace=True, valid=(one_of(*_USAGES),)),
        "multiRegion": boolean(computed=True, replace=True),
        "isEnabled": boolean(default=True),
        "enableKeyRotation": boolean(default=False),
        "rotationPeriodInDays": integer(computed=True, valid=(between(90, 2560),)),
        "policy": policy(computed=True),
        "bypassPolicyLockoutSafetyCheck": boolean(default=False, local=True),
        "deletionWindowInDays": integer(local=True, valid=(between(7, 30),)),
        **tags.REGION,
        **tags.TAGS,
    }
    outputs = ("arn", "keyId")
    after_create = frozenset({"enableKeyRotation", "isEnabled"})

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """Adopt a left-over, else make a key, asked once: a repeated call would make another."""
        left_over = self._left_over(cloud, inputs)
        if left_over:
            self.update(cloud, left_over, inputs, set(self.fields))
            return left_over, {}
        wanted: dict[str, Any] = {
            "KeySpec": inputs["customerMasterKeySpec"],
            "KeyUsage": inputs["keyUsage"],
            "Tags": tags.as_list(inputs, *_TAG),
            "BypassPolicyLockoutSafetyCheck": inputs["bypassPolicyLockoutSafetyCheck"],
        }
        names = {"description": "Description", "policy": "Policy", "multiRegion": "MultiRegion"}
        wanted |= {theirs: inputs[ours] for ours, theirs in names.items() if ours in inputs}
        made = cloud.client("kms", once=True).create_key(**wanted)
        return made["KeyMetadata"]["KeyId"], {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """A key on its way to deletion is gone."""
        kms = cloud.client("kms")
        answer = or_none(kms.describe_key, KeyId=resource_id)
        if answer is None or answer["KeyMetadata"]["KeyState"] in ("PendingDeletion", "PendingReplicaDeletion"):
            return None
        key = answer["KeyMetadata"]
        rotation = kms.get_key_rotation_status(KeyId=resource_id)
        rotates = rotation.get("KeyRotationEnabled", False)
        return {
            "arn": key["Arn"],
            "keyId": key["KeyId"],
            "description": key.get("Description", ""),
            "customerMasterKeySpec": key.get("KeySpec") or key.get("CustomerMasterKeySpec"),
            "keyUsage": key["KeyUsage"],
            "multiRegion": key.get("MultiRegion", False),
            "isEnabled": key["Enabled"],
            "enableKeyRotation": rotates,
            "rotationPeriodInDays": rotation.get("RotationPeriodInDays") if rotates else None,
            "policy": kms.get_key_policy(KeyId=resource_id, PolicyName="default")["Policy"],
            "tagsAll": tags.as_map(kms.list_resource_tags(KeyId=resource_id)["Tags"], *_TAG),
        }

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: AbstractSet[str]) -> None:
        """A disabled key takes no changes: enabling comes first, disabling last."""
        kms = cloud.client("kms")
        if "isEnabled" in changed and inputs["isEnabled"]:
            kms.enable_key(KeyId=resource_id)
        if "description" in changed and "description" in inputs:
            kms.update_key_description(KeyId=resource_id, Description=inputs["description"])
        if "policy" in changed and "policy" in inputs:
            kms.put_key_policy(KeyId=resource_id, PolicyName="default", Policy=inputs["policy"])
        if {"enableKeyRotation", "rotationPeriodInDays"} & changed:
            _rotate(kms, resource_id, inputs)
        if "tagsAll" in changed:
            current = tags.as_map(kms.list_resource_tags(KeyId=resource_id)["Tags"], *_TAG)
            if removed := tags.to_remove(current, inputs):
                kms.untag_resource(KeyId=resource_id, TagKeys=removed)
            if wanted := tags.as_list(inputs, *_TAG):
                kms.tag_resource(KeyId=resource_id, Tags=wanted)
        if "isEnabled" in changed and not inputs["isEnabled"]:
            kms.disable_key(KeyId=resource_id)

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """Schedule the deletion."""
        if self.read(cloud, resource_id, state) is None:
            return
        with absent_is_fine():
            days = int(state.get("deletionWindowInDays") or 30)
            cloud.client("kms").schedule_key_deletion(KeyId=resource_id, PendingWindowInDays=days)

    def _left_over(self, cloud: Aws, inputs: Values) -> str | None:
        kms = cloud.client("kms")
        for page in kms.get_paginator("list_keys").paginate():
            for key in page["Keys"]:
                key_id = key["KeyId"]
                if key_id in cloud.session.known_ids or not inputs.get("tagsAll"):
                    continue
                actual = self.read(cloud, key_id, inputs)
                if (
                    actual
                    and tags.equal(actual["tagsAll"], inputs)
                    and actual["description"] == inputs.get("description", actual["description"])
                    and not kms.list_aliases(KeyId=key_id)["Aliases"]
                ):
                    return str(key_id)
        return None


def _rotate(kms: Any, key_id: str, inputs: Values) -> None:
    if not inputs["enableKeyRotation"]:
        if kms.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"]:
            kms.disable_key_rotation(KeyId=key_id)
    elif "rotationPeriodInDays" in inputs:
        kms.enable_key_rotation(KeyId=key_id, RotationPeriodInDays=inputs["rotationPeriodInDays"])
    else:
        kms.enable_key_rotation(KeyId=key_id)
