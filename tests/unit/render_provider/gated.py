"""A service with a release that serves, and a deploy of the next one whose answers are scripted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from pulumi_plugin.plugin import HalfDoneError
from render_api.errors import RenderError
from render_provider.provider.probe import Answer
from render_provider.provider.resources import RESOURCES
from render_provider.provider.resources.deploy import Deploy
from tests.support.driver import Driver, Kept
from tests.support.fake_render import FakeRender

URL = "https://web.onrender.com/api/health/"
WORKERS = "https://web.onrender.com/queues"
ONE, TWO = "registry.test/app@sha256:one", "registry.test/app@sha256:two"
OLD, NEW = Answer(200, '{"version": "sha256:one"}'), Answer(200, '{"version": "sha256:two"}')

Script = Callable[[str, float], Answer | None]


@dataclass
class Gated:
    """The service, and what was asked of it from outside."""

    provider: Driver
    service: Kept
    patch: pytest.MonkeyPatch
    asked: list[str] = field(default_factory=list)
    heals: bool = True
    """Whether the release that is gone back to does not crash."""

    def __post_init__(self) -> None:
        calls = self.render.run_calls

        def run(method: str, key: str, what: str, body: Any) -> Any:
            if what == "rollback" and self.heals:
                self.render.events.clear()
            return calls(method, key, what, body)

        self.render.run_calls = run  # type: ignore[method-assign] # a release of its own

    @property
    def render(self) -> FakeRender:
        return self.provider.render

    @property
    def deploys(self) -> list[dict[str, Any]]:
        """Newest first."""
        return self.render.deploys[self.service.id]

    def passes(self, script: Script = lambda path, now: NEW, passed: str | None = None, **inputs: Any) -> Kept:
        """Deploy the second release, with answers by path and by the seconds since; `passed`: which passed before."""

        def probe(url: str) -> Answer | None:
            self.asked.append(url)
            newest = self.deploys[0]
            if newest["trigger"] == "rollback" or newest["image"]["ref"] != TWO:
                return OLD
            return script(url.removeprefix("https://web.onrender.com"), self.provider.clock.time)

        self.patch.setitem(RESOURCES, Deploy.type_, Deploy(probe))
        self.provider.clock.time = 0
        want = {"serviceId": self.service.id, "imageUrl": TWO, **inputs}
        if passed is None:
            return self.provider.create("Deploy", logical="gated", **want)
        before = {**want, "imageUrl": ONE}
        known = Kept(self.service.id, before, {**before, "deployId": passed, "status": "live"}, set())
        return self.provider.update("Deploy", known, **want)

    def refused(self, script: Script = lambda path, now: NEW, **inputs: Any) -> str:
        """What is told of it when it does not pass."""
        with pytest.raises((HalfDoneError, RenderError)) as caught:
            self.passes(script, **inputs)
        return caught.value.reason if isinstance(caught.value, HalfDoneError) else str(caught.value)

    def died(self, instance: str | None = "new-1", **reason: Any) -> None:
        """Render tells of an instance that has ended."""
        details = {"reason": {"evicted": False, **reason}, **({"instanceID": instance} if instance else {})}
        happened = {"type": "server_failed", "timestamp": "2999-01-01T00:00:00Z", "details": details}
        self.render.events.append(happened)


def gated(provider: Driver, patch: pytest.MonkeyPatch, kind: str = "WebService", **inputs: Any) -> Gated:
    """A service whose first release is live."""
    service = provider.create(kind, logical="s", name="web", image={"imagePath": ONE}, **inputs)
    first = provider.render.deploys[service.id][0]
    first |= {"status": "live", "image": {"ref": ONE, "sha": "sha256:one"}, "trigger": "api"}
    provider.render.instances = ["old-1"]
    provider.render.asked.clear()
    return Gated(provider, service, patch)


def in_turn(*answers: Answer | None) -> Script:
    """Each answer once, then the last for ever."""
    left = list(answers)
    return lambda path, now: left.pop(0) if len(left) > 1 else left[0]
