"""S3: the defaults that every new bucket has had since 2023, and all that happens to objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.s3 import models, responses

from localcloud.aws.services.s3 import carrying, objects
from localcloud.aws.services.s3.bucket import Bucket, encryption_of_new_buckets


def install() -> None:
    """Put all of it in place."""
    objects.install()
    s3: Any = models
    s3.FakeBucket = Bucket
    backend: Any = models.S3Backend
    backend.delete_bucket_encryption = _delete_bucket_encryption
    answers: Any = responses.S3Response
    answers._bucket_response = _carried_out(answers._bucket_response)
    answers._key_response = _carried_out(answers._key_response)
    answers._handle_range_header = _as_it_is


def _delete_bucket_encryption(self: models.S3Backend, bucket_name: str) -> None:
    """Back to the default: a bucket without encryption is no longer to be had."""
    self.get_bucket(bucket_name).encryption = encryption_of_new_buckets()


def _carried_out(moto_answer: Callable[..., Any]) -> Callable[..., Any]:
    """Ours where there is one, else moto's."""

    def answer(self: Any, request: Any, full_url: str) -> Any:
        return carrying.carry_out(self, request) or moto_answer(self, request, full_url)

    return answer


def _as_it_is(self: Any, request: Any, headers: dict[str, str], body: Any) -> Any:
    """A range was cut out where the object was read."""
    del self, request
    return 200, headers, body
