"""A drill from its beginning to its report in the bucket, and the metric that the alarm reads."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from infra.names import DRILL_METRIC
from ops.backups.manifest import new_id
from ops.backups.place import Place
from ops.drills.drill import Drill
from ops.drills.means import Means
from ops.drills.signature import Signed
from ops.drills.store import Reports


@dataclass(frozen=True)
class Ran:
    """What came of it, and where its page is."""

    signed: Signed
    page: str


def run(place: Place, means: Means, backup: str = "") -> Ran:
    """The metric is told whatever happens, and a report that could not be stored is a drill that failed."""
    told: Callable[[float], None] = lambda value: place.metric(DRILL_METRIC, value)  # noqa: E731 - one word for both
    try:
        id_ = new_id(place.now(), secrets.token_hex(3))
        context = place.context
        signed = Drill(means, place.environment, id_, place.now, context.clock, context.output.say).run(backup)
        page = Reports(place.objects, place.environment).put(signed)
    except BaseException:
        told(1)
        raise
    told(0 if signed.report.passed else 1)
    return Ran(signed, f"s3://{place.objects.name}/{page}")
