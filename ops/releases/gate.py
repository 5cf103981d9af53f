"""The gate around an environment's `pulumi up`: what comes does not answer worse than what was, or it goes back.

It is of no cloud: Render's API, the environment's own address and Pulumi's command line are all that it asks.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from console.errors import ExplainedError
from infra.config import Stack
from ops.context import Context
from ops.doors.cloud import Cloud
from ops.doors.render import Render
from ops.environments.outputs import shown
from ops.releases import bounds, configuration, following, services
from ops.releases.baseline import Baseline
from ops.releases.configuration import Configurations
from ops.releases.crashes import Crashes, all_running
from ops.releases.observed import Answered, Kind, counted
from ops.releases.pending import Note, Pending
from ops.releases.sampling import Sampler, observe
from ops.releases.services import WORKER, Environment, Live, Service
from ops.releases.smoke import requests, smoke, was_failing
from ops.releases.verdict import Verdict, failed_requests
from ops.releases.warned import warned
from render_api.errors import NotFound, RenderError

SHORTER = "SLIPWAY_WATCH_SECONDS"
"""Read for tests of something else: at most so long is a release watched."""
PATIENCE = 60  # seconds that a rate limit of Render's is waited for
WORKERS_ROUNDS = 5


@dataclass
class Gate:
    """Of one `up`. Made before it, asked after it."""

    context: Context
    cloud: Cloud
    stack: Stack
    note: Note
    wait: Callable[[float], None] = time.sleep
    before: dict[str, Live] = field(default_factory=dict)
    """What each service ran, by its id; nothing before a first `up`."""
    known: Configurations = field(default_factory=dict)
    pending: Pending | None = None
    """What another run has left."""
    seen: dict[str, Kind] = field(default_factory=dict)
    """How the release before was seen to answer."""
    running: frozenset[str] = frozenset()
    """The instances of the release before."""
    _baseline: Baseline | None = None
    noted: bool = False
    """Whether a run that ends now is found by the next one."""
    failed: list[following.Failed] = field(default_factory=list)
    """What Render could not deploy of a branch by itself."""

    def begin(self) -> None:
        """Look at what is there, and go on watching it while Pulumi works."""
        there, url = self.there()
        if not there.services:
            return
        with _told("cannot see what runs"):
            render = self._render()
            self.before = self.pending.before if self.pending else services.all_live(render, there.services)
            if not self.before or self.pending or not url:
                return
            serving = [one for one in there.services if one.id in self.before]  # others are gone, or never served
            self.known = configuration.look(render, serving, [*there.groups])
            self.running = all_running(render, serving)
            if _in_maintenance(render, there):
                return  # the page would be the measure of the application
            sampler = Sampler(self.context.doors.visit, url, requests(self.stack.application))
            self._baseline = Baseline(render, serving, sampler, self._begun)
        self._baseline.start()

    def end(self) -> None:
        """Stop watching, however Pulumi has ended."""
        if self._baseline:
            self.seen = self._baseline.stop()

    def judge(self, *, complete: bool) -> Verdict:
        """What has moved, and whether it may stay. `complete`: Pulumi has done all that it was to do."""
        there, url = self.there()
        with _told("cannot see what runs"):
            render = self._render()
            if self.stack.source == "branch":
                self.failed = following.follow(render, there.services, self.context.output.say, self.wait)
            now = services.all_live(render, there.services)
            verdict = Verdict(there, self.before, now)
            if not verdict.moved:
                return verdict
            if self.before:
                self._begun(self.seen)
            if not complete and not verdict.whole:
                names = " and ".join(one.name for one in verdict.moved)
                return verdict.refused(f"`pulumi up` ended half-way, see above, when {names} had moved")
            if apart := self._apart(render, verdict):
                return verdict.refused(apart)
            if _in_maintenance(render, there):
                return replace(verdict, unseen=True)
            return self._answers(render, verdict, url)

    def _answers(self, render: Render, verdict: Verdict, url: str) -> Verdict:
        baseline = self.pending.baseline if self.pending else self.seen
        asked, visit = requests(self.stack.application), self.context.doors.visit
        if wrong := smoke(visit, url, asked, baseline, wait=self.wait):
            return verdict.refused("requests are not answered as they have to be", failed_requests(wrong))
        gate, seconds = self.stack.gate, watch_seconds(self.stack.gate.bake_seconds)
        # Which instances another run has found is not known: of its release each service's own gate has seen to that.
        known = [] if self.pending or not self.before else verdict.moved
        crashes = Crashes(render, [(one, verdict.now[one.id]) for one in known], self.running)
        if self.before and seconds:
            self.context.output.say(f"watching {self.stack.environment} for {seconds:g} s: {url}")

            def unbearable(answers: Sequence[Answered]) -> str | None:
                after = counted(answers)
                return (
                    crashes.glance() or bounds.failing(gate, baseline, after) or bounds.gross(gate, baseline, after)
                )

            def worse(answers: Sequence[Answered]) -> str | None:
                after = counted(answers)
                return bounds.failing(gate, baseline, after) or bounds.slower(gate, baseline, after)

            why, answers = observe(Sampler(visit, url, asked), seconds, unbearable, wait=self.wait)
            if why is None and worse(answers):  # it may pass: another look, as long
                self.context.output.say(f"slower than before: watching {seconds:g} s more")
                why, answers = observe(Sampler(visit, url, asked), seconds, unbearable, wait=self.wait)
                why = why or worse(answers)
            if why:
                return verdict.refused(why, failed_requests([one for one in answers if one.failed]))
        if crashed := crashes.look():
            return verdict.refused(crashed)
        if lost := self._workers(verdict, url):
            if not any(was_failing(one, baseline) for one in asked if one.path == self.stack.application.release):
                return verdict.refused(lost)
            self.context.output.say(f"warning: {lost}; the release before did not answer for itself either")
        return verdict

    def _apart(self, render: Render, verdict: Verdict) -> str:
        """Why what runs is not one release; nothing where it is, or where a service is suspended."""
        runs = {
            one.name: live.version
            for one in verdict.there.services
            if (live := verdict.now.get(one.id)) and not _suspended(render, one)
        }
        if len(set(runs.values())) < 2:
            return ""
        told = "not all of it is one release: " + ", ".join(f"{name} runs {runs[name][:19]}" for name in sorted(runs))
        if self.stack.source == "image":
            return told
        self.context.output.say(f"warning: {told}; Render deploys each push by itself")
        return ""

    def _workers(self, verdict: Verdict, url: str) -> str:
        """Why no worker of the release works, by the application's own word; nothing where one does."""
        path, web = self.stack.application.workers, verdict.there.web
        worker = any(one.type == WORKER and one.id in verdict.now for one in verdict.there.services)
        if not path or not web or not worker:
            return ""
        for number in range(WORKERS_ROUNDS):
            visit = self.context.doors.visit("GET", f"{url}{path}?version={verdict.now[web.id].version}")
            if visit.status == 200:
                return ""
            if number < WORKERS_ROUNDS - 1:
                self.wait(3)
        return f"no worker of the release works: {path} answers HTTP {visit.status}: {visit.body}"

    def _begun(self, baseline: dict[str, Kind]) -> None:
        """From now on a run that ends before the verdict is found by the next one."""
        if not self.noted and not self.pending:
            with warned(self.context.output.say):
                self.note.write(Pending(before=self.before, baseline=baseline))
                self.noted = True

    def there(self) -> tuple[Environment, str]:
        """What Pulumi's state has of it, and its address."""
        resources = self.context.doors.pulumi(self.cloud).resources(self.stack.environment)
        return services.environment(resources), str(shown(resources)[0].get("url", ""))

    def _render(self) -> Render:
        return self.context.doors.render(self.cloud, on_wait=self.context.output.say, patience=PATIENCE)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Render's refusals as commands tell them."""
    try:
        yield
    except RenderError as error:
        raise ExplainedError(what, str(error)) from error


def watch_seconds(wanted: float) -> float:
    """As long as is wanted, or as a test wants it."""
    return min(wanted, float(os.environ.get(SHORTER) or wanted))


def _in_maintenance(render: Render, there: Environment) -> bool:
    """Whether Render itself answers for the web service."""
    if there.web is None:
        return False
    try:
        web = render.get(f"/services/{there.web.id}")
    except NotFound:
        return False  # somebody deleted it; `up` makes it anew
    mode = (web.get("serviceDetails") or {}).get("maintenanceMode") or {}
    return bool(mode.get("enabled"))


def _suspended(render: Render, service: Service) -> bool:
    there: dict[str, Any] = render.get(f"/services/{service.id}")
    return there.get("suspended") == "suspended"
