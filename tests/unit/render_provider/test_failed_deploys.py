"""Deploys that fail: what they say, and what mends them."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_plugin.plugin import HalfDoneError
from render_provider.provider.resources import RESOURCES
from render_provider.provider.resources.deploy import Deploy
from tests.support.driver import Driver, Kept
from tests.support.fake_render import FakeRender


@pytest.fixture
def service(provider: Driver, render: FakeRender) -> Kept:
    made = provider.create("WebService", logical="s", name="web", image={"imagePath": "nginx"}, envVars={"A": "1"})
    render.asked.clear()
    return made


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


def test_a_url_that_never_shows_the_release_is_a_failure(
    provider: Driver, service: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A live deploy behind an address where nobody answers is no success."""
    monkeypatch.setitem(RESOURCES, Deploy.type_, Deploy(lambda url: None))

    with pytest.raises(HalfDoneError, match="with v2: still not answering after 5 min"):
        provider.create("Deploy", serviceId=service.id, verifyUrl="https://x", verifyText="v2")


def test_a_missing_branch_in_a_deploy_says_what_to_push(provider: Driver, render: FakeRender, service: Kept) -> None:
    """The same hint as at the creation."""
    render.refuse = {f"POST /services/{service.id}/deploys": (400, {"message": "branch develop not found in x"})}

    with pytest.raises(Exception, match=r"hint: git push .* HEAD:develop"):
        provider.create("Deploy", serviceId=service.id)
