"""Access keys of IAM users."""

from __future__ import annotations

import threading
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from localcloud.plugins.aws.errors import absent_is_fine, or_none
from localcloud.plugins.aws.ses_password import ses_password
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.checks import one_of
from localcloud.plugins.fields import Fields, string
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import Values

_one_at_a_time = threading.Lock()


class AccessKey(Resource[Aws]):
    """One key; its id is the key's. AWS tells the secret once, so a key whose answer was lost is of no use."""

    type_ = "aws:iam/accessKey:AccessKey"
    fields: ClassVar[Fields] = {
        "user": string(required=True, replace=True),
        "status": string(default="Active", valid=(one_of("Active", "Inactive"),)),
    }
    outputs = ("createDate", "secret", "sesSmtpPasswordV4")
    secrets = frozenset({"secret", "sesSmtpPasswordV4"})
    only_from_create = frozenset({"secret", "sesSmtpPasswordV4"})

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """Remove what a killed run or a lost answer left over, then make one, asked once."""
        with _one_at_a_time:
            iam, user = cloud.client("iam"), inputs["user"]
            _remove_left_overs(cloud, user)
            made = cloud.client("iam", once=True).create_access_key(UserName=user)["AccessKey"]
            cloud.session.known_ids.add(made["AccessKeyId"])
        if inputs["status"] != "Active":
            iam.update_access_key(UserName=user, AccessKeyId=made["AccessKeyId"], Status=inputs["status"])
        secret = made["SecretAccessKey"]
        return made["AccessKeyId"], {"secret": secret, "sesSmtpPasswordV4": ses_password(secret, cloud.region)}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is. An import finds the user by the key."""
        iam = cloud.client("iam")
        user = inputs.get("user")
        if not user:
            used = or_none(iam.get_access_key_last_used, AccessKeyId=resource_id) or {}
            user = used.get("UserName")
        for key in _keys(iam, user) if user else ():
            if key["AccessKeyId"] == resource_id:
                return {
                    "user": user,
                    "status": key["Status"],
                    "createDate": key["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
                }
        return None

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: AbstractSet[str]) -> None:
        """It can be switched on and off."""
        cloud.client("iam").update_access_key(
            UserName=inputs["user"], AccessKeyId=resource_id, Status=inputs["status"]
        )

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """Remove it."""
        with absent_is_fine():
            cloud.client("iam").delete_access_key(UserName=state["user"], AccessKeyId=resource_id)


def _remove_left_overs(cloud: Aws, user: str) -> None:
    """Keys that were never used and that this run's state does not hold: nobody has their secret."""
    iam = cloud.client("iam")
    for key in _keys(iam, user):
        key_id = key["AccessKeyId"]
        if key_id in cloud.session.known_ids:
            continue
        used = iam.get_access_key_last_used(AccessKeyId=key_id)["AccessKeyLastUsed"]
        if not used.get("LastUsedDate"):
            iam.delete_access_key(UserName=user, AccessKeyId=key_id)


def _keys(iam: Any, user: str) -> list[Any]:
    answer = or_none(iam.list_access_keys, UserName=user)
    return list(answer["AccessKeyMetadata"]) if answer else []
