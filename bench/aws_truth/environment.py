"""An environment as the program declares it, as far as its identities and its data at AWS go."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

from bench.aws_truth.account import REGION, Account, Keys
from infra import permissions, resource_policies
from infra.application import APPLICATION
from infra.aws_account import Aws
from infra.config import Stack
from infra.load import ROOT, from_file

Policy = Callable[[Stack, str], str]
POLICIES: dict[str, Policy] = {
    "backup": permissions.back_up,
    "deploy": permissions.deploy,
    "media": permissions.use_media,
    "restore": permissions.restore,
}
OLD_KEY, BODY = "daily/old.dump", b"0" * 64


class Environment:
    """prod, of an application with a name that nothing has yet; its buckets hold one object each."""

    def __init__(self, account: Account) -> None:
        aws = Aws(region=REGION, allowedAccountIds=(account.id,))
        application = dataclasses.replace(APPLICATION, name=account.name("x"))
        self.account = account
        self.stack = from_file("prod", ROOT).model_copy(
            update={"application": application, "aws": aws, "neighbours": {}}
        )
        self.key = self._key()
        self.backups, self.media = self._bucket("backups"), self._bucket("media")
        lock = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": self.stack.backups.object_lock_days}}
        self.admin("s3").put_object_lock_configuration(
            Bucket=self.backups, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": lock}
        )
        for bucket in (self.backups, self.media):
            self.admin("s3").put_object(Bucket=bucket, Key=OLD_KEY, Body=BODY)

    def admin(self, service: str) -> Any:
        """The administrator's client."""
        return self.account.admin(service)

    def client(self, who: str, service: str) -> Any:
        """The client of an identity, in a session of a role with exactly its declared policy."""
        return self.account.client(service, self.keys(json.loads(POLICIES[who](self.stack, self.key))))

    def keys(self, policy: dict[str, Any]) -> Keys:
        """A session with that policy."""
        return self.account.session(*policy["Statement"])

    def other_key(self) -> str:
        """Another key of the account."""
        return str(self.admin("kms").create_key()["KeyMetadata"]["Arn"])

    def _key(self) -> str:
        policy = resource_policies.key(self.stack)
        return str(self.admin("kms").create_key(Policy=policy)["KeyMetadata"]["Arn"])

    def _bucket(self, use: str) -> str:
        s3, name = self.admin("s3"), self.stack.names.bucket(use)
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": self.key}
        rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
        s3.put_bucket_policy(Bucket=name, Policy=resource_policies.sealed(name, self.key))
        return name
