"""Objects, versions and unfinished uploads that their bucket's lifecycle rules are about, once a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from localcloud.aws.duties.daily import Daily
from localcloud.aws.services.s3.expiring import carry_out
from localcloud.aws.services.s3.lifecycle import rules_of
from localcloud.aws.state import backends
from localcloud.machine.due import Happening


class Objects(Daily):
    """Buckets with lifecycle rules."""

    def has_work(self) -> bool:
        """Whether any bucket has rules."""
        return any(rules_of(bucket) for bucket in _buckets())

    def work(self, now: datetime) -> list[Happening]:
        """What is due at this midnight, told bucket by bucket."""
        return [
            Happening(now.isoformat(), what, bucket.name, "done", f"{count} of them" if count > 1 else "")
            for bucket in _buckets()
            for what, count in carry_out(bucket, now).items()
        ]


def _buckets() -> list[Any]:
    return [bucket for backend in backends("s3").values() for bucket in list(backend.buckets.values())]
