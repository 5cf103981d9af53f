"""S3: the defaults that every new bucket has had since 2023, and bodies on disk."""

from __future__ import annotations

from typing import Any

from moto.s3 import models, responses

from localcloud.aws.services.s3 import cors, door, objects, ranges
from localcloud.aws.services.s3.bucket import Bucket


def install() -> None:
    """Put all of it in place."""
    objects.install()
    s3: Any = models
    s3.FakeBucket = Bucket
    answers: Any = responses.S3Response
    answers._handle_range_header = ranges.handle
    answers.get_object_lock_configuration = _object_lock_without_zeros(answers.get_object_lock_configuration)
    cors.install()
    door.install()


def _object_lock_without_zeros(answer: Any) -> Any:
    """moto says `Years: 0` beside the days; AWS says one of them, and the other would be a difference for ever."""

    def get_object_lock_configuration(self: Any) -> Any:
        status, headers, body = answer(self)
        return status, headers, body.replace("<Years>0</Years>", "").replace("<Days>0</Days>", "")

    return get_object_lock_configuration
