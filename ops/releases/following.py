"""What Render deploys by itself of an environment's branch: waited for, so that what is judged is one release."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.errors import ExplainedError
from console.output import Say
from ops.doors.render import Render
from ops.releases.services import RUNNING, Service, newest

FAILED = frozenset({"build_failed", "pre_deploy_failed", "update_failed"})
LOOK_SECONDS = 2
LOOKS = 900  # half an hour: a build, and the 15 minutes after which Render gives up a release that never gets healthy


@dataclass(frozen=True)
class Failed:
    """A service whose newest deploy came to nothing, so that it runs the one before."""

    service: str
    status: str
    commit: str

    def __str__(self) -> str:
        return f"{self.service}: {self.status} at {self.commit[:12]}"


def follow(render: Render, services: Sequence[Service], say: Say, wait: Callable[[float], None]) -> list[Failed]:
    """Wait until nothing is under way; what has failed."""
    told = False
    for _ in range(LOOKS):
        deploys = {one.name: newest(render, one) for one in services}
        under_way = sorted(name for name, deploy in deploys.items() if deploy.get("status") in RUNNING)
        if not under_way:
            break
        if not told:
            say(f"waiting for what Render deploys by itself: {', '.join(under_way)}")
            told = True
        wait(LOOK_SECONDS)
    return [
        Failed(name, deploy["status"], str((deploy.get("commit") or {}).get("id") or ""))
        for name, deploy in sorted(deploys.items())
        if deploy.get("status") in FAILED
    ]


def require_deployed(failed: Sequence[Failed], commit: str, environment: str, say: Say) -> None:
    """An error where it is this commit that Render could not deploy; another's is told."""
    ours = [one for one in failed if one.commit == commit]
    if ours:
        raise ExplainedError(
            f"{environment} does not run {commit[:12]}",
            f"Render could not deploy it: {', '.join(map(str, ours))}; what ran before goes on",
            hint=f"./slipway local logs, or the service's page at Render; once it is mended: git push, "
            f"./slipway up {environment}",
        )
    for one in failed:
        say(f"warning: Render could not deploy {one}; what ran before goes on")
