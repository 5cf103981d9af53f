"""What anybody may ask of an environment, and what it has to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from infra.application import Application
from ops.doors import web
from ops.releases.observed import Answered, Observed, Request
from ops.releases.sampling import first_round

SILENT = frozenset({web.NOWHERE, 502, 503, 504})  # nobody has answered yet; anything else is an answer
ROUNDS = 10
PAUSE = 2.0


def requests(application: Application) -> list[Request]:
    """Those of the application, and the one that tells its release."""
    looks = {application.release: 200, **application.smoke}
    asked = {"GET": looks, "POST": application.posts}
    return [Request(method, path, right) for method, paths in asked.items() for path, right in paths.items()]


def smoke(
    visit: web.Door, url: str, asked: Sequence[Request], before: Observed, *, wait: Callable[[float], None]
) -> list[Answered]:
    """The requests that fail, of those that did not before. Silence is waited for, a wrong answer is not."""
    for number in range(ROUNDS):
        answers = first_round(visit, url, [one for one in asked if not was_failing(one, before)])
        failed = [one for one in answers if one.failed]
        often = [name for name, count in _failures(failed).items() if count > 1]
        wrong = [one for one in failed if one.request.name in often]
        if not wrong or any(one.visit.status not in SILENT for one in wrong):
            return wrong
        if number < ROUNDS - 1:
            wait(PAUSE)
    return wrong


def was_failing(request: Request, before: Observed) -> bool:
    """Whether it failed as often as not before: no release is blamed for that."""
    known = before.get(request.name)
    return bool(known and known.count and known.failed * 2 >= known.count)


def _failures(failed: Sequence[Answered]) -> Mapping[str, int]:
    names = [one.request.name for one in failed]
    return {name: names.count(name) for name in names}
