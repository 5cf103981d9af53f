"""What else a release has to show: no crash, a worker that works, a cron job that could run."""

from __future__ import annotations

from typing import Any

import pytest

from render_provider.provider.probe import Answer
from tests.support.driver import Driver
from tests.support.fake_render import Answer as Reply
from tests.support.fake_render import FakeRender
from tests.unit.render_provider.gated import NEW, WORKERS, Gated, gated, in_turn


@pytest.fixture
def web(provider: Driver, monkeypatch: pytest.MonkeyPatch) -> Gated:
    monkeypatch.delenv("SLIPWAY_WATCH_SECONDS", raising=False)
    return gated(provider, monkeypatch)


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ([{"nonZeroExit": 1}], "its instances crash: exit code 1, once"),
        ([{"nonZeroExit": 1}] * 3, "its instances are in a crash loop: exit code 1, 3 times"),
        ([{"oomKilled": {"memoryLimit": "512Mi"}}], "its instances crash: out of memory (limit 512Mi), once"),
        ([{"earlyExit": True}], "its instances crash: ended early, once"),
        ([{"unhealthy": "no answer"}], "its instances crash: unhealthy (no answer), once"),
        ([{"nonZeroExit": 1}, {"oomKilled": {"memoryLimit": "1Gi"}}], "exit code 1, once; out of memory (limit 1Gi)"),
        ([{"timedOutSeconds": 30}], "its instances crash: timed out (30), once"),
    ],
)
def test_a_crash_within_the_watch_refuses_the_release(web: Gated, reasons: list[dict[str, Any]], told: str) -> None:
    """Told as one: why, and how often."""
    web.render.log("2999-01-01", "RuntimeError: worker dies", "app", "new")
    for reason in reasons:
        web.died(**reason)

    text = web.refused(gate={"watchSeconds": 10})

    assert told in text
    assert "its last lines:\n  RuntimeError: worker dies\nwhat serves now: " in text


@pytest.mark.parametrize(
    ("instance", "reason"), [("old-1", {"nonZeroExit": 137}), ("new-1", {"evicted": True})], ids=["before", "moved"]
)
def test_what_is_no_fault_of_the_release_refuses_nothing(web: Gated, instance: str, reason: dict[str, Any]) -> None:
    """The instances of the release before end as they like, and Render moves others."""
    web.died(instance, **reason)

    assert web.passes(gate={"watchSeconds": 10}).outputs["status"] == "live"


@pytest.mark.parametrize(
    ("set_to", "seconds"), [(None, 10), ("2", 2), ("0", 0), ("60", 10)], ids=["unset", "2 s", "none", "longer"]
)
def test_the_watch_can_be_shortened_from_outside(
    web: Gated, monkeypatch: pytest.MonkeyPatch, set_to: str | None, seconds: float
) -> None:
    """For tests of something else; never made longer."""
    if set_to is not None:
        monkeypatch.setenv("SLIPWAY_WATCH_SECONDS", set_to)

    web.passes(gate={"watchSeconds": 10})

    assert web.provider.clock.time == pytest.approx(seconds, abs=0.2)


@pytest.mark.parametrize(
    ("is_first", "follower", "seconds"),
    [(True, "worker", 0), (True, "web", 5), (True, None, 5), (False, "worker", 10)],
    ids=["first of both", "first of this one", "alone", "replaces one"],
)
def test_a_first_release_is_watched_with_the_one_that_follows(
    web: Gated, is_first: bool, follower: str | None, seconds: float
) -> None:
    """By that one's deploy, where it is still to come: `web` stands for a service that is there already."""
    if is_first:
        web.deploys[0]["status"] = "canceled"

    web.passes(gate={"watchSeconds": 10, "followedBy": follower})

    assert web.provider.clock.time == pytest.approx(seconds, abs=0.2)


@pytest.mark.parametrize("releases", [1, 2], ids=["its first", "its second"])
def test_a_crash_of_the_service_before_refuses_the_first_release_that_follows(
    web: Gated, provider: Driver, monkeypatch: pytest.MonkeyPatch, releases: int
) -> None:
    """Told by its name and with its own last lines; one that has replaced another was watched itself."""
    other = gated(provider, monkeypatch, "BackgroundWorker")
    web.deploys.extend(
        {**web.deploys[0], "id": f"dep-{number}", "status": "deactivated"} for number in range(releases - 1)
    )
    web.render.log("2999-01-01", "RuntimeError: web dies", "app", "new")
    died = {"type": "server_failed", "timestamp": "2999", "details": {"reason": {"nonZeroExit": 3}}}
    told = web.render.answer
    monkeypatch.setattr(
        web.render,
        "answer",
        lambda method, parts, body, params: (
            (200, [{"event": died}]) if parts[1:] == [web.service.id, "events"] else told(method, parts, body, params)
        ),
    )
    gate = {"watchSeconds": 10, "watchesToo": web.service.id}

    if releases == 2:
        assert other.passes(gate=gate).outputs["status"] == "live"
    else:
        text = other.refused(gate=gate)
        assert "web's instances crash: exit code 3, once" in text
        assert "its last lines:\n  RuntimeError: web dies" in text


def test_events_that_render_does_not_tell_are_said_to_be_missing(web: Gated) -> None:
    """A watch that sees nothing is none."""
    web.render.refuse[f"GET /services/{web.service.id}/events"] = (403, {"message": "not for this key"})

    web.passes(gate={"watchSeconds": 2})

    assert web.provider.said.count(("warning", "cannot watch for crashes: not for this key")) == 1


def test_a_failure_of_renders_own_ends_no_watch(web: Gated) -> None:
    """It looks again, and sees the crash that it has missed."""
    web.render.stumble[f"GET /services/{web.service.id}/events"] = 3
    web.died(nonZeroExit=1)

    text = web.refused(gate={"watchSeconds": 10})

    assert "its instances crash: exit code 1, once" in text
    assert web.provider.said.count(("warning", "cannot watch for crashes: boom")) == 1


def test_a_deploy_is_waited_for_through_failures_of_renders_own(web: Gated) -> None:
    """It goes on meanwhile, and would be live without anybody who looks."""
    deploy = f"dep-{web.render.made + 1}"
    web.render.stumble[f"GET /services/{web.service.id}/deploys/{deploy}"] = 4

    web.passes()

    assert (web.deploys[0]["id"], web.deploys[0]["status"]) == (deploy, "live")
    assert web.render.stumble == {f"GET /services/{web.service.id}/deploys/{deploy}": 0}


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([Answer(503, '{"reason": "no job yet"}', later=2)], "no worker of it has proved itself in 12"),
        ([Answer(503, '{"reason": "it has been busy with one job for 901 s"}')], "has proved itself in 6 s"),
        ([Answer(500, "boom")], "no worker of it has proved itself in 6 s"),
        ([Answer(200, '{"version": "sha256:one"}')], "no worker of it has proved itself in 12"),
        ([None], "no worker of it has proved itself in 12"),
    ],
)
def test_a_worker_that_never_proves_itself_refuses_the_release(
    web: Gated, answers: list[Answer | None], told: str
) -> None:
    """With what its application said last."""
    text = web.refused(in_turn(*answers), gate={"workersUrl": WORKERS})

    assert told in text
    assert f"GET {WORKERS}?version=sha256:two: " in text


def test_a_worker_that_has_carried_out_a_job_passes(web: Gated) -> None:
    """A 503 is not yet, and an error in passing is none."""
    web.passes(in_turn(Answer(503, later=1), Answer(502), Answer(503, later=1), NEW), gate={"workersUrl": WORKERS})

    assert web.asked == [f"{WORKERS}?version=sha256:two"] * 4


def test_a_worker_that_dies_is_not_waited_for(web: Gated) -> None:
    """The crash ends the wait for its proof."""
    web.died(nonZeroExit=1)

    text = web.refused(in_turn(Answer(503)), gate={"workersUrl": WORKERS, "watchSeconds": 5})

    assert "exit code 1, once" in text
    assert web.asked == []


def cron(provider: Driver, patch: pytest.MonkeyPatch) -> Gated:
    return gated(provider, patch, "CronJob", schedule="0 3 * * *")


def test_a_cron_job_is_checked_once(provider: Driver, render: FakeRender, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a one-off job, which is waited for."""
    job = cron(provider, monkeypatch)
    render.jobs = ["pending", "running", "succeeded"]

    job.passes(gate={"checkCommand": "python start.py clearsessions --check"})

    [sent] = [body for method, path, body in render.asked if method == "POST" and path.endswith("/jobs")]
    assert sent == {"startCommand": "python start.py clearsessions --check"}


def test_a_cron_job_that_could_not_run_goes_back(
    provider: Driver, render: FakeRender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the check's own last lines."""
    job = cron(provider, monkeypatch)
    render.jobs = ["pending", "failed"]
    render.log("2999-01-01", "no such table: session", "app", "job-1")
    render.log("2999-01-01", "pulling", "build", "x")

    text = job.refused(gate={"checkCommand": "clear --check"})

    assert "`clear --check` has failed\nits last lines:\n  no such table: session\nwhat serves now: " in text


def test_a_check_that_render_refuses_is_said_to_be_missing(
    provider: Driver, render: FakeRender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no fault of the release."""
    job = cron(provider, monkeypatch)
    refusal: Reply = (400, {"message": "no jobs here"})
    render.refuse[f"POST /services/{job.service.id}/jobs"] = refusal

    job.passes(gate={"checkCommand": "clear --check"})

    assert ("warning", "not checked, as Render runs no one-off job for it: no jobs here") in provider.said


def test_a_changed_gate_deploys_nothing(web: Gated) -> None:
    """What runs has passed the one before."""
    made = web.passes(gate={"watchSeconds": 1})
    web.render.asked.clear()

    want = {"serviceId": web.service.id, "imageUrl": made.inputs["imageUrl"], "gate": {"watchSeconds": 2}}
    web.provider.update("Deploy", made, **want)

    assert web.render.writes() == []
