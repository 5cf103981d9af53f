"""A bucket with the defaults that every new one has had since 2023."""

from __future__ import annotations

from typing import Any

from moto.s3 import models

from localcloud.aws.call import Call
from localcloud.aws.services.s3.errors import no_such_bucket


class Bucket(models.FakeBucket):
    """A bucket that is private and owns its objects from the start. `encryption` of moto's is not used."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.settings: dict[str, Any] = {}  # what `settings.py` keeps of it
        self.ownership_rule: Any = "BucketOwnerEnforced"
        self.public_access_block = models.PublicAccessBlock(True, True, True, True)

    @property
    def backend(self) -> Any:
        """Where moto keeps it, and the tags of its objects."""
        return models.s3_backends[self.account_id][self.partition]

    def get_permission(self, action: str, resource: str) -> Any:
        """The bucket's policy is kept, not enforced: moto overlooks conditions, and "TLS only" would deny all."""
        from moto.iam.access_control import PermissionResult

        return PermissionResult.NEUTRAL

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        # moto keeps beside the buckets which account has which name.
        models.s3_backends.bucket_accounts[self.name] = (self.partition, self.account_id)


def bucket_named(name: str) -> Any:
    """The bucket of that name, whosever it is; NoSuchBucket where there is none."""
    bucket = find(name)
    if bucket is None:
        raise no_such_bucket(name)
    return bucket


def find(name: str) -> Any:
    """The same; None where there is none."""
    partition, account = models.s3_backends.bucket_accounts.get(name, ("", ""))
    return models.s3_backends[account][partition].buckets.get(name) if account else None


def in_path(call: Call) -> Any:
    """The bucket that a call's path names."""
    return find(call.path.removeprefix("/").partition("/")[0])
