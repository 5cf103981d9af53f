"""Deploys that are waited for."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_plugin.plugin import HalfDoneError
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


def test_a_failed_deploy_ends_with_the_last_words_of_the_app(
    provider: Driver, render: FakeRender, service: Kept
) -> None:
    """The error holds what this release said, in order: no requests, nothing of the release that still serves."""
    render.outcome = "update_failed"
    render.log("2025-12-31", "GET /old 200", "app", "old")
    render.log("2999-01-02", "ImportError: nope", "app", "new")
    render.log("2999-01-01", "starting", "app", "new")
    render.log("2999-01-03", "GET /", "request", "new")
    render.log("2999-01-03", "==> it ended", "build", "")
    for number in range(100):
        render.log(f"2999-02-{number:03}", "GET /old 200", "app", "old")

    with pytest.raises(HalfDoneError) as caught:
        provider.create("Deploy", serviceId=service.id)

    text = caught.value.reason
    lines = "  starting\n  ImportError: nope\n  ==> it ended"
    assert f"of web failed: update failed:\n{lines}\n\nhint: the release before it keeps" in text
    assert caught.value.key == service.id


@pytest.mark.parametrize(
    ("line", "cure"),
    [
        ("cannot pull {image}: there is no such image", "run `pulumi up` again: it pushes an image that is gone"),
        (
            'Failed to pull image "{image}": manifest unknown',
            "run `pulumi up` again: it pushes an image that is gone",
        ),
        ("pulling {image}", "mend this and run `pulumi up` again ("),
        ("image of question 7: not found", "mend this and run `pulumi up` again ("),
    ],
)
def test_a_deploy_whose_image_is_gone_says_what_to_run(
    provider: Driver, render: FakeRender, service: Kept, line: str, cure: str
) -> None:
    """Only where the log says so of that image, not of anything else that an app calls one."""
    image = "docker.io/library/nginx@sha256:ab"
    render.outcome = "update_failed"
    render.log("2999-01-01", line.format(image=image), "build", "")

    with pytest.raises(HalfDoneError) as caught:
        provider.create("Deploy", serviceId=service.id, imageUrl=image)

    assert f"\n\nhint: the release before it keeps serving; {cure}" in caught.value.reason


def test_a_failed_deploy_is_tried_again_after_a_refresh(provider: Driver, render: FakeRender, service: Kept) -> None:
    """A refresh forgets the error of the last run, but not that the deploy failed."""
    render.outcome = "pre_deploy_failed"
    with pytest.raises(HalfDoneError) as caught:
        provider.create("Deploy", serviceId=service.id)
    inputs: dict[str, Any] = {"serviceId": service.id}

    refreshed = provider.refresh("Deploy", Kept(caught.value.key, inputs, inputs, set()))
    assert refreshed is not None
    found = provider.diff("Deploy", refreshed, **inputs)
    render.outcome = "live"
    mended = provider.update("Deploy", refreshed, **inputs)

    assert (found.diffs, found.replaces) == (["status"], [])
    assert mended.outputs["status"] == "live"


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
    answers, asked = [old, None, old, new], []  # the first before the deploy

    def probe(url: str) -> Answer | None:
        asked.append(url)
        return answers.pop(0)

    monkeypatch.setitem(RESOURCES, Deploy.type_, Deploy(probe))

    provider.create("Deploy", serviceId=service.id, verifyUrl="https://web.onrender.com/api/health/")

    assert asked == ["https://web.onrender.com/api/health/"] * 4
    shown = [text for level, text in provider.said if level == "status"]
    assert shown[-2:] == [
        "https://web.onrender.com/api/health/ with c0ffee: not answering",
        "https://web.onrender.com/api/health/ with c0ffee: answering without it",
    ]


def test_a_url_that_never_shows_the_release_is_a_failure(
    provider: Driver, service: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A live deploy behind an address where nobody answers is no success."""
    monkeypatch.setitem(RESOURCES, Deploy.type_, Deploy(lambda url: None))

    with pytest.raises(HalfDoneError, match="with v2: still not answering after 5 min"):
        provider.create("Deploy", serviceId=service.id, verifyUrl="https://x", verifyText="v2")


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


def test_a_missing_branch_in_a_deploy_says_what_to_push(provider: Driver, render: FakeRender, service: Kept) -> None:
    """The same hint as at the creation."""
    render.refuse = {f"POST /services/{service.id}/deploys": (400, {"message": "branch develop not found in x"})}

    with pytest.raises(Exception, match=r"hint: git push .* HEAD:develop"):
        provider.create("Deploy", serviceId=service.id)
