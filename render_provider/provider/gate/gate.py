"""One service's gate: all that its release has to show between Render's `live` and the end of `pulumi up`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pulumi_plugin.values import Values
from render_api.instances import running
from render_provider.provider.gate import answers, jobs
from render_provider.provider.gate.crashes import crash_watch, first_release_watch, nothing
from render_provider.provider.gate.failure import GateError
from render_provider.provider.gate.maintained import in_maintenance
from render_provider.provider.gate.settings import Gate, watched_seconds
from render_provider.provider.gate.workers import wait_for_worker
from render_provider.provider.probe import Answer, shortened
from render_provider.provider.task import Task, TimedOutError
from render_provider.provider.verify import Kind, Probe, WrongAnswerError, wait_until_shown


@dataclass(frozen=True)
class Release:
    """A deploy that is live, and how it is looked at from outside."""

    service: str
    deploy: Values
    version: str
    """The text by which answers show it."""
    url: str | None
    """Where they do; nowhere for what has no address, or is in maintenance."""


@dataclass(frozen=True)
class Before:
    """What was there before it."""

    live: Values | None = None
    answer: Answer | None = None
    instances: frozenset[str] = frozenset()


def pass_gate(task: Task, probe: Probe, gate: Gate, release: Release, before: Before) -> None:
    """Return when it has shown all of it; `GateError` as soon as it has not."""
    try:
        _look(task, probe, gate, release, before)
    except WrongAnswerError as wrong:
        body = shortened(wrong.answer.text)
        told = f"{release.url} does not show {release.version[:19]}: {wrong}" + (f": {body}" if body else "")
        # the release before it answers: what the new one says is of no interest
        raise GateError(told, lines=[] if wrong.kind is Kind.OLD else None) from wrong
    except TimedOutError as late:
        raise GateError(f"{late.what}: {late.why}") from late


def _look(task: Task, probe: Probe, gate: Gate, release: Release, before: Before) -> None:
    clock, service = task.client.clock, release.service
    watch = _crashes(task, gate, release, before)
    end = clock.now() + _seconds(task, gate, is_first=before.live is None)
    row = None
    if release.url:
        url, version = release.url, release.version
        wait_until_shown(task, probe, url, version, before.answer, watch)
        row = answers.Row(task, probe, url, version, instances=_fresh(task, service, before.instances))
        row.complete(gate.consecutive, watch)
        answers.smoke(task, probe, url, gate.smoke or {})
    if gate.workers_url and not (gate.watches_too and in_maintenance(task, gate.watches_too)):
        wait_for_worker(task, probe, gate.workers_url, release.version, watch)
    if gate.check_command:
        jobs.check(task, service, gate.check_command)
    _watch(task, watch, row, end)
    if row and row.broken:
        row.complete(gate.consecutive, watch)


def _watch(task: Task, watch: Callable[[], None], row: answers.Row | None, end: float) -> None:
    """Look for crashes, and whether it goes on answering, until it is over."""
    clock = task.client.clock
    while (left := end - clock.now()) > 0:
        task.say(f"live; watched for {left:.0f} s more")
        watch()
        if row:
            row.look()
        clock.sleep(min(left, answers.STEADY_PAUSE))
    watch()


def _fresh(task: Task, service: str, before: frozenset[str]) -> Callable[[], set[str]]:
    """The instances of the release, as Render tells them."""
    return lambda: running(task.client, service) - before


def _crashes(task: Task, gate: Gate, release: Release, before: Before) -> Callable[[], None]:
    """The look for crashes, here and at the service that is watched along."""
    if not gate.watch_seconds:
        return nothing
    own = crash_watch(task, release.service, release.deploy, before.instances)
    if not gate.watches_too:
        return own
    other = first_release_watch(task, gate.watches_too, str(release.deploy["createdAt"]))

    def both() -> None:
        own()
        other()

    return both


def _seconds(task: Task, gate: Gate, *, is_first: bool) -> float:
    """How long this service is watched by its own deploy."""
    if is_first and gate.followed_by:
        query = {"ownerId": task.owner_id, "name": gate.followed_by}
        if not any(task.client.pages("/services", query, envelope="service")):
            return 0
    return watched_seconds(gate, is_first=is_first)
