"""S3: the defaults that every new bucket has had since 2023, and bodies on disk."""

from __future__ import annotations

from typing import Any

from moto.s3 import models, responses

from localcloud.aws.services import objects


def install() -> None:
    """Put all of it in place."""
    objects.install()
    s3: Any = models
    s3.FakeBucket = Bucket
    backend: Any = models.S3Backend
    backend.delete_bucket_encryption = _delete_bucket_encryption
    answers: Any = responses.S3Response
    answers.get_object_lock_configuration = _object_lock_without_zeros(answers.get_object_lock_configuration)


class Bucket(models.FakeBucket):
    """A bucket that is encrypted, private, and owns its objects from the start."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.encryption = _encryption_of_new_buckets()
        self.ownership_rule: Any = "BucketOwnerEnforced"
        self.public_access_block = models.PublicAccessBlock(True, True, True, True)

    def get_permission(self, action: str, resource: str) -> Any:
        """The bucket's policy is kept, not enforced: moto overlooks conditions, and "TLS only" would deny all."""
        from moto.iam.access_control import PermissionResult

        return PermissionResult.NEUTRAL

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        # moto keeps beside the buckets which account has which name.
        models.s3_backends.bucket_accounts[self.name] = (self.partition, self.account_id)


def _encryption_of_new_buckets() -> dict[str, Any]:
    return {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}}


def _delete_bucket_encryption(self: models.S3Backend, bucket_name: str) -> None:
    """Back to the default: a bucket without encryption is no longer to be had."""
    self.get_bucket(bucket_name).encryption = _encryption_of_new_buckets()


def _object_lock_without_zeros(answer: Any) -> Any:
    """moto says `Years: 0` beside the days; AWS says one of them, and the other would be a difference for ever."""

    def get_object_lock_configuration(self: Any) -> Any:
        status, headers, body = answer(self)
        return status, headers, body.replace("<Years>0</Years>", "").replace("<Days>0</Days>", "")

    return get_object_lock_configuration
