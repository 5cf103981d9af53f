"""Deploys that are waited for."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_plugin.values import UNKNOWN
from render_provider.provider.probe import Answer
from render_provider.provider.resources import RESOURCES
from render_provider.provider.resources.deploy import Deploy
from tests.support.driver import Driver, Kept
from tests.support.fake_render import FakeRender, paths


@pytest.fixture
def service(provider: Driver, render: FakeRender) -> Kept:
    made = provider.create("WebService", logical="s", name="web", image={"imagePath": "nginx"}, envVars={"A": "1"})
    render.asked.clear()
    return made


def settled(render: FakeRender, service: Kept) -> None:
    """Let the initial deploy be over."""
    render.deploys[service.id][0]["status"] = "live"


def test_a_deploy_cancels_the_initial_one_and_is_waited_for(
    provider: Driver, render: FakeRender, service: Kept
) -> None:
    """The first deploy ran before links and domains existed: ours takes its place."""
    initial = render.deploys[service.id][0]["id"]

    done = provider.create("Deploy", serviceId=service.id, triggers={"service": "r1"})

    assert paths(render.writes()) == [
        f"POST /services/{service.id}/deploys/{initial}/cancel",
        f"POST /services/{service.id}/deploys",
    ]
    assert done.id == service.id
    assert done.outputs == {
        "serviceId": service.id,
        "triggers": {"service": "r1"},
        "deployId": render.deploys[service.id][0]["id"],
        "status": "live",
        "commit": "c0ffee",
        "imageUrl": "docker.io/library/nginx:latest",
        "url": "https://web.onrender.com",
    }


def test_any_changed_input_deploys_and_no_change_does_not(
    provider: Driver, render: FakeRender, service: Kept
) -> None:
    """A deploy for each change of its triggers, and never for another one."""
    made = provider.create("Deploy", serviceId=service.id, triggers={"service": "r1"})

    same = provider.diff("Deploy", made, serviceId=service.id, triggers={"service": "r1"})
    found = provider.diff("Deploy", made, serviceId=service.id, triggers={"service": "r2"})
    provider.update("Deploy", made, serviceId=service.id, triggers={"service": "r2"})

    assert (same.changes, found.diffs, found.replaces) == (False, ["triggers"], [])
    assert [one["trigger"] for one in render.deploys[service.id]] == ["api", "api", "new_commit"]


def test_an_image_is_deployed_by_its_digest(provider: Driver, render: FakeRender, service: Kept) -> None:
    """The image to run is named in the deploy itself."""
    provider.create("Deploy", serviceId=service.id, imageUrl="nginx@sha256:ab")

    assert render.writes()[-1][2] == {"imageUrl": "nginx@sha256:ab"}


def test_a_deploy_that_waits_behind_another_is_found(provider: Driver, render: FakeRender, service: Kept) -> None:
    """Render answers 202 with no body when one is running that cannot be cancelled in time."""
    answer = render.deploy_calls

    def uncancellable(method: str, thing: Any, parts: list[str], body: Any) -> Any:
        if len(parts) == 3:
            return 200, {}
        found = answer(method, thing, parts, body)
        for deploy in render.deploys[thing["id"]]:
            if deploy["status"] == "queued" and method == "GET" and len(parts) == 2:
                deploy["status"] = "live"
        return found

    render.deploy_calls = uncancellable  # type: ignore[method-assign] # this Render cannot cancel

    done = provider.create("Deploy", serviceId=service.id)

    assert done.outputs["status"] == "live"
    assert done.outputs["deployId"] == render.deploys[service.id][0]["id"]


def test_a_deploy_whose_answer_is_lost_is_not_started_twice(
    provider: Driver, render: FakeRender, service: Kept
) -> None:
    """The one that was started is found among the deploys."""
    render.lose = [f"POST /services/{service.id}/deploys"]

    done = provider.create("Deploy", serviceId=service.id)

    assert done.outputs["status"] == "live"
    assert [one["trigger"] for one in render.deploys[service.id]] == ["api", "new_commit"]


def test_a_deploy_that_never_arrived_is_sent_again_as_it_was(
    provider: Driver, render: FakeRender, service: Kept
) -> None:
    """No deploy has appeared, so it is started again, with the same image."""
    render.miss = [f"POST /services/{service.id}/deploys"]

    provider.create("Deploy", serviceId=service.id, imageUrl="nginx@sha256:ab")

    sent = [
        body for method, path, body in render.asked if (method, path) == ("POST", f"/services/{service.id}/deploys")
    ]
    assert sent == [{"imageUrl": "nginx@sha256:ab"}] * 2


def test_a_suspended_service_is_not_deployed(provider: Driver, render: FakeRender, service: Kept) -> None:
    """An unconditional deploy fails on suspended services and loses state (issue 104 of the Terraform provider)."""
    render.things["services"][service.id]["suspended"] = "suspended"

    done = provider.create("Deploy", serviceId=service.id)

    assert render.writes() == []
    assert done.outputs["status"] == "suspended"
    assert provider.said == [("warning", "web is suspended: not deployed. Resuming it starts a deploy of its own")]


def test_a_cron_job_is_deployed_without_cancelling(provider: Driver, render: FakeRender) -> None:
    """Render cannot cancel their deploys."""
    job = provider.create("CronJob", name="job", image={"imagePath": "nginx"}, schedule="0 3 * * *")
    settled(render, job)
    render.asked.clear()

    provider.create("Deploy", logical="d", serviceId=job.id)

    assert paths(render.writes()) == [f"POST /services/{job.id}/deploys"]


def test_it_is_done_when_the_url_answers_with_what_was_deployed(
    provider: Driver, render: FakeRender, service: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not when some URL answers: the old release answers too."""
    old, new = Answer(200, '{"version": "old"}'), Answer(200, '{"version": "c0ffee"}')
    answers, asked = [old, None, old, new, new], []  # the first before the deploy, the last for a row of one

    def probe(url: str) -> Answer | None:
        asked.append(url)
        return answers.pop(0)

    monkeypatch.setitem(RESOURCES, Deploy.type_, Deploy(probe))

    provider.create("Deploy", serviceId=service.id, verifyUrl="https://web.onrender.com/api/health/")

    assert asked == ["https://web.onrender.com/api/health/"] * 5
    shown = [text for level, text in provider.said if level == "status"]
    assert shown[-2:] == [
        "https://web.onrender.com/api/health/ with c0ffee: not answering",
        "https://web.onrender.com/api/health/ with c0ffee: answering without it",
    ]


def test_a_preview_does_not_know_the_deploy(provider: Driver, service: Kept) -> None:
    """Its outputs are new with each deploy."""
    made = provider.create("Deploy", serviceId=service.id, triggers={"a": "1"})

    shown = provider.update("Deploy", made, preview=True, serviceId=service.id, triggers={"a": "2"})

    assert shown.outputs["deployId"] is UNKNOWN
    assert shown.outputs["status"] is UNKNOWN


def test_removing_a_deploy_touches_nothing(provider: Driver, render: FakeRender, service: Kept) -> None:
    """A deploy cannot be undone by forgetting it."""
    made = provider.create("Deploy", serviceId=service.id)
    render.asked.clear()

    provider.delete("Deploy", made)

    assert render.asked == []
