"""How many calls an hour: counted and told as GitHub does, and never refused on this machine.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from __future__ import annotations

from typing import Any

from localcloud.github.access.caller import Caller
from localcloud.github.api.call import Call, Reply, Route
from localcloud.machine import clock

HOUR = 3600
PERSON, JOB, NOBODY = 5000, 1000, 60


class Limits:
    """The calls of each caller within its hour."""

    def __init__(self) -> None:
        self._counted: dict[str, tuple[int, int]] = {}

    def count(self, who: Caller, calls: int = 1) -> dict[str, int]:
        """One call more; a window begins with the first call."""
        moment = int(clock.now().timestamp())
        reset, used = self._counted.get(who.key, (0, 0))
        if moment >= reset:
            reset, used = moment + HOUR, 0
        limit = JOB if who.is_job else PERSON if who.known else NOBODY
        used = min(used + calls, limit - 1)
        self._counted[who.key] = (reset, used)
        return {"limit": limit, "remaining": limit - used, "reset": reset, "used": used}


limits = Limits()


def headers(who: Caller, calls: int) -> dict[str, str]:
    """As every answer has them."""
    told = {f"X-RateLimit-{name.title()}": str(value) for name, value in limits.count(who, calls).items()}
    return {**told, "X-RateLimit-Resource": "core"}


def get(call: Call) -> Reply:
    """GET /rate_limit: it counts as no call."""
    core = limits.count(call.who, 0)
    resources: dict[str, Any] = dict.fromkeys(("core", "graphql", "search", "integration_manifest"), core)
    return Reply({"resources": resources, "rate": core})


routes = [Route("GET", "/rate_limit", get, docs="rate-limit/rate-limit", anonymous=True)]
