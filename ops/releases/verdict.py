"""What an `up` has moved, and whether it may stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ops.releases.observed import Answered
from ops.releases.services import Environment, Live, Service

SHOWN = 5  # requests that are told of many


@dataclass(frozen=True)
class Verdict:
    """Of one environment, its services before and now by their ids."""

    there: Environment
    before: Mapping[str, Live]
    now: Mapping[str, Live]
    why: str = ""
    """Why it has to go back."""
    requests: tuple[str, ...] = ()
    """Those that say so."""
    unseen: bool = False
    """Whether nobody could look: the environment is in maintenance, and the next `up` after it judges."""

    @property
    def moved(self) -> list[Service]:
        """The services that run something new. One that has gone back by itself does not."""
        return [one for one in self.there.services if one.id in self.now and not self._same(one)]

    @property
    def whole(self) -> bool:
        """Whether every service has moved."""
        return len(self.moved) == len(self.there.services)

    @property
    def suspects(self) -> list[Service]:
        """Whose words tell why: those that have not followed where some have, else those that moved."""
        moved = self.moved
        return [one for one in self.there.services if one not in moved] or moved

    @property
    def running(self) -> str:
        """What the web service runs, whether it has moved or not; nothing where it runs nothing."""
        web = self.there.web
        return self.now[web.id].version if web and web.id in self.now else ""

    @property
    def version(self) -> str:
        """What is new, where it shows."""
        return self._version(self.now)

    @property
    def version_before(self) -> str:
        return self._version(self.before)

    def refused(self, why: str, requests: Sequence[str] = ()) -> Verdict:
        """The same, to go back."""
        return replace(self, why=why, requests=tuple(requests))

    def _same(self, service: Service) -> bool:
        before, now = self.before.get(service.id), self.now[service.id]
        if before is None:
            return False
        return now.deploy == before.deploy or (now.rolled_back and now.version == before.version)

    def _version(self, lives: Mapping[str, Live]) -> str:
        """The web service's; where it has not moved, that of one that has."""
        first = sorted(self.moved or self.there.services, key=lambda one: one != self.there.web)
        return next((lives[one.id].version for one in first if one.id in lives), "")


def failed_requests(failed: Iterable[Answered]) -> list[str]:
    """The first of each kind, and how many there are in all."""
    every = list(failed)
    first: dict[tuple[str, int], Answered] = {}
    for one in every:
        first.setdefault((one.request.name, one.visit.status), one)
    told = [str(one) for one in list(first.values())[:SHOWN]]
    return [*told, *([f"… {len(every)} such requests in all"] if len(every) > len(told) else [])]
