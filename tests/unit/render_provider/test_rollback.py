"""A release that is refused goes back to the one before it: to which, how, and what is told of it."""

from __future__ import annotations

from typing import Any

import pytest

from render_provider.provider.probe import Answer
from render_provider.provider.resources import RESOURCES
from render_provider.provider.resources.deploy import Deploy
from tests.support.driver import Driver, Kept
from tests.support.fake_render import paths
from tests.unit.render_provider.gated import NEW, ONE, TWO, URL, Gated, gated

GATE = {"watchSeconds": 10}
THREE = "registry.test/app@sha256:three"


@pytest.fixture
def web(provider: Driver, monkeypatch: pytest.MonkeyPatch) -> Gated:
    one = gated(provider, monkeypatch, envVars={"APP_VERSION": "sha256:one"})
    one.died(nonZeroExit=1)
    return one


def sent(web: Gated, end: str) -> list[Any]:
    return [body for method, path, body in web.render.asked if method != "GET" and path.endswith(end)]


def test_it_goes_back_to_what_was_live_and_says_all_of_it(web: Gated) -> None:
    """What was refused and why, what serves now, and what to run."""
    first = web.deploys[0]["id"]

    text = web.refused(verifyUrl=URL, gate=GATE)

    rolled, refused, _ = web.deploys
    assert sent(web, "/rollback") == [{"deployId": first}]
    assert text == (
        f"deploy {refused['id']} (sha256:two) of web was refused and is rolled back: "
        "its instances crash: exit code 1, once\n"
        f"what serves now: {first} (sha256:one) again, as {rolled['id']}, which was verified\n\n"
        f"hint: mend this and run `pulumi up` again (https://d/{web.service.id})"
    )
    assert web.asked[-1] == URL  # the release before is seen there


def test_the_services_own_image_and_version_go_back_too(web: Gated) -> None:
    """Whoever deploys it by hand later gets what serves, and no deploy is started by that."""
    web.refused(versionVariable="APP_VERSION", gate=GATE)

    assert [body["image"]["imagePath"] for body in sent(web, web.service.id)] == [TWO, ONE]
    assert sent(web, "/env-vars/APP_VERSION") == [{"value": "sha256:two"}, {"value": "sha256:one"}]
    assert [one["trigger"] for one in web.deploys] == ["rollback", "api", "api"]
    order = paths(web.render.writes())
    assert order.index(f"POST /services/{web.service.id}/rollback") == len(order) - 1


def test_as_many_run_as_the_service_says(web: Gated) -> None:
    """Render brings back the number of the old deploy, which may be of a day with fewer users."""
    web.render.things["services"][web.service.id]["serviceDetails"]["numInstances"] = 3

    web.refused(gate=GATE)

    assert sent(web, "/scale") == [{"numInstances": 3}]


def test_the_same_command_tries_a_bad_release_again_and_deploys_a_mended_one(web: Gated) -> None:
    """The state still has the release before it."""
    passed = web.deploys[0]["id"]
    web.refused(passed=passed, gate=GATE)
    web.died(nonZeroExit=1)

    again = web.refused(passed=passed, gate=GATE)
    done = web.passes(passed=passed, gate=GATE)

    assert "was refused and is rolled back" in again
    assert done.outputs["status"] == "live"
    assert [one["trigger"] for one in web.deploys] == ["api", "rollback", "api", "rollback", "api", "api"]


def test_an_interrupted_way_back_is_gone_by_the_next_run(web: Gated) -> None:
    """What is live then never passed its gate: the last that did is gone back to."""
    passed = web.deploys[0]["id"]
    web.deploys[0]["status"] = "deactivated"
    image = {"ref": THREE, "sha": "sha256:three"}
    web.deploys.insert(0, web.render.deploy("live", image=image))

    web.refused(passed=passed, gate=GATE)

    assert sent(web, "/rollback") == [{"deployId": passed}]


def test_a_rollback_that_runs_still_is_no_release_to_wait_for(web: Gated) -> None:
    """Killed in the middle of it: the run after ends it, and begins anew."""
    passed = web.deploys[0]["id"]
    web.deploys.insert(0, web.render.deploy("build_in_progress", trigger="rollback", image={"ref": ONE}))
    half_done = web.deploys[0]["id"]

    web.refused(passed=passed, gate=GATE)

    assert f"POST /services/{web.service.id}/deploys/{half_done}/cancel" in paths(web.render.writes())
    assert sent(web, "/rollback") == [{"deployId": passed}]


@pytest.mark.parametrize("trigger", ["rollback", "new_commit", "manual"])
def test_what_somebody_else_made_live_is_gone_back_to(web: Gated, trigger: str) -> None:
    """A rollback of the whole environment, a commit, a person: it served before this."""
    passed = web.deploys[0]["id"]
    image = {"ref": THREE, "sha": "sha256:three"}
    web.deploys.insert(0, web.render.deploy("live", image=image, trigger=trigger))
    theirs = web.deploys[0]["id"]

    web.refused(passed=passed, gate=GATE)

    assert sent(web, "/rollback") == [{"deployId": theirs}]


def test_without_a_release_before_it_says_so(web: Gated) -> None:
    """The same release that failed before is none."""
    web.deploys[0]["image"] = {"ref": TWO, "sha": "sha256:two"}

    text = web.refused(gate=GATE)

    assert "what serves now: this one still, as there is no release before it to go back to" in text
    assert sent(web, "/rollback") == []


def test_a_first_release_is_watched_for_no_more_than_five_seconds(web: Gated) -> None:
    """It replaces nothing that somebody could miss."""
    web.render.events.clear()
    web.deploys[0]["status"] = "canceled"

    web.passes(gate={"watchSeconds": 300})

    assert web.provider.clock.time == pytest.approx(5, abs=0.2)


def test_a_rollback_that_fails_is_told_first(web: Gated) -> None:
    """With why, and with what was wrong at the beginning."""
    web.render.rolled = "update_failed"

    text = web.refused(gate=GATE)

    refused = web.deploys[1]["id"]
    assert text.startswith("ROLLBACK FAILED: web is not back on dep-2 (sha256:one), and ")
    assert f"deploy {refused} (sha256:two) was refused: " in text
    assert "update failed" in text
    assert "it was refused because of this: its instances crash: exit code 1, once" in text


def test_a_release_before_that_crashes_as_well_is_no_success(web: Gated) -> None:
    """It is verified as any other."""
    web.heals = False

    assert web.refused(gate=GATE).startswith("ROLLBACK FAILED: web is not back on dep-2")


def test_the_refused_ones_crashes_are_not_those_of_the_release_before(web: Gated) -> None:
    """They go on with it until the way back ends them."""
    web.heals = False

    web.render.events.clear()

    def dying(path: str, now: float) -> Answer:
        web.render.instances = ["new-1"]
        web.died("new-1", nonZeroExit=1)
        return NEW

    text = web.refused(dying, verifyUrl=URL, gate=GATE)

    assert "was refused and is rolled back" in text


def test_where_render_refuses_to_roll_back_the_image_is_deployed(web: Gated) -> None:
    """Its artifact may be gone, its image is not."""
    web.render.refuse[f"POST /services/{web.service.id}/rollback"] = (400, {"message": "artifact gone"})
    settle = web.render.deploy_calls

    def deploying(method: str, thing: Any, parts: list[str], body: Any) -> Any:
        if body == {"imageUrl": ONE}:
            web.render.events.clear()
        return settle(method, thing, parts, body)

    web.render.deploy_calls = deploying  # type: ignore[method-assign] # a release before that is in order

    assert "what serves now: dep-2 (sha256:one) again" in web.refused(gate=GATE)
    assert sent(web, "/deploys") == [{"imageUrl": TWO}, {"imageUrl": ONE}]


def test_a_lost_answer_to_a_rollback_starts_no_second_one(web: Gated) -> None:
    """It is looked for among the deploys."""
    web.render.lose = [f"POST /services/{web.service.id}/rollback"]

    web.refused(gate=GATE)

    assert [one["trigger"] for one in web.deploys] == ["rollback", "api", "api"]


def test_a_branch_that_is_followed_is_said_to_be(web: Gated) -> None:
    """The next commit is deployed by itself, with the bad one in it."""
    web.render.things["services"][web.service.id] |= {
        "autoDeployTrigger": "commit",
        "repo": "https://x",
        "branch": "develop",
    }

    text = web.refused(gate=GATE)

    assert "run `pulumi up` again; Render deploys the next commit on develop by itself (" in text


def test_a_refresh_sees_another_image_live_and_the_next_run_deploys_again(web: Gated) -> None:
    """As after a rollback that Pulumi did not do."""
    web.render.events.clear()
    made = web.passes()
    same = web.provider.refresh("Deploy", made)
    web.deploys[0]["status"] = "deactivated"
    web.deploys.insert(0, web.render.deploy("live", image={"ref": ONE, "sha": "sha256:one"}, trigger="rollback"))

    seen = web.provider.refresh("Deploy", made)

    assert isinstance(same, Kept)
    assert isinstance(seen, Kept)
    assert (same.inputs["imageUrl"], seen.inputs["imageUrl"]) == (TWO, ONE)
    found = web.provider.diff("Deploy", seen, serviceId=web.service.id, imageUrl=TWO)
    assert found.diffs == ["imageUrl"]
    assert RESOURCES[Deploy.type_].same("imageUrl", TWO, NEW.text) is False


def test_a_deploy_that_was_started_meanwhile_does_not_bring_it_back(web: Gated) -> None:
    """Of the same commit, perhaps, as its branch is followed: it is ended before the way back begins."""
    started: list[str] = []

    def meanwhile(path: str, now: float) -> Answer:
        if not started:
            web.deploys.insert(1, web.render.deploy("build_in_progress", trigger="new_commit"))
            started.append(web.deploys[1]["id"])
        return NEW

    web.refused(meanwhile, verifyUrl=URL, gate={"smoke": {"/": 404}})

    order = paths(web.render.writes())
    assert order[-2:] == [
        f"POST /services/{web.service.id}/deploys/{started[0]}/cancel",
        f"POST /services/{web.service.id}/rollback",
    ]
