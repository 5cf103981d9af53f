"""Server access logs of S3's buckets, delivered a minute after the first request that they tell of."""

from __future__ import annotations

from datetime import datetime

from localcloud.aws.services.s3 import log_delivery
from localcloud.machine.due import Happening


class AccessLogs:
    """What was noted of buckets that have such a log."""

    def next_due(self, now: datetime) -> datetime | None:
        """When the next log goes."""
        del now
        return log_delivery.next_due()

    def carry_out(self, now: datetime) -> list[Happening]:
        """Deliver what has waited long enough."""
        return [
            Happening(now.isoformat(), "access log of", bucket, "failed" if problem else "done", problem or log)
            for bucket, log, problem in log_delivery.deliver(now)
        ]
