"""Web services, workers, cron jobs and static sites: what users of other providers suffer from."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_plugin.plugin import HalfDoneError
from pulumi_plugin.values import UNKNOWN, Secret
from render_provider.provider.images import normal
from tests.support.driver import Driver
from tests.support.fake_render import FakeRender

WEB: dict[str, Any] = {"name": "web", "image": {"imagePath": "nginx"}, "plan": "starter", "environmentId": "evm-1"}


def test_everything_that_can_be_said_is_said_in_the_create(provider: Driver, render: FakeRender) -> None:
    """Twenty creates an hour and a first deploy that starts at once: variables and environment go into the POST."""
    provider.create("WebService", **WEB, envVars={"A": "1"}, numInstances=2, preDeployCommand="migrate")

    [(method, path, body)] = render.writes()
    assert (method, path) == ("POST", "/services")
    assert body == {
        "name": "web",
        "type": "web_service",
        "ownerId": "tea-1",
        "environmentId": "evm-1",
        "image": {"imagePath": "nginx", "ownerId": "tea-1"},
        "envVars": [{"key": "A", "value": "1"}],
        "serviceDetails": {
            "runtime": "image",
            "plan": "starter",
            "numInstances": 2,
            "preDeployCommand": "migrate",
            "envSpecificDetails": {},
        },
    }


def test_a_changed_variable_does_not_replace_the_service(provider: Driver, render: FakeRender) -> None:
    """pulumi-render replaces the whole service when a variable changes (its issue 55)."""
    made = provider.create("WebService", **WEB, envVars={"A": "1"})
    render.asked.clear()

    found = provider.diff("WebService", made, **WEB, envVars={"A": "2"})
    provider.update("WebService", made, **WEB, envVars={"A": "2"})

    assert (found.diffs, found.replaces) == (["envVars"], [])
    assert render.writes() == [("PUT", f"/services/{made.id}/env-vars/A", {"value": "2"})]


def test_variables_added_elsewhere_stay(provider: Driver, render: FakeRender) -> None:
    """A bulk PUT wipes what the dashboard added; we set and remove only our own keys."""
    made = provider.create("WebService", **WEB, envVars={"A": "1", "B": "2"})
    render.env_vars[made.id]["DASHBOARD"] = "x"

    refreshed = provider.refresh("WebService", made)
    assert refreshed is not None
    provider.update("WebService", refreshed, **WEB, envVars={"A": "1"})

    assert refreshed.inputs["envVars"] == {"A": "1", "B": "2"}
    assert render.env_vars[made.id] == {"A": "1", "DASHBOARD": "x"}


def test_variables_no_longer_declared_at_all_are_removed(provider: Driver, render: FakeRender) -> None:
    """Deleting the whole input deletes its keys, and the preview shows it."""
    made = provider.create("WebService", **WEB, envVars={"A": "1"})
    render.env_vars[made.id]["DASHBOARD"] = "x"

    found = provider.diff("WebService", made, **WEB)
    provider.update("WebService", made, **WEB)

    assert found.diffs == ["envVars"]
    assert render.env_vars[made.id] == {"DASHBOARD": "x"}


def test_drift_in_a_variable_is_seen_and_mended(provider: Driver, render: FakeRender) -> None:
    """A refresh shows the value that somebody set by hand; the next `up` sets ours again and asks for a deploy."""
    made = provider.create("WebService", **WEB, envVars={"A": "1"})
    render.env_vars[made.id]["A"] = "by hand"

    refreshed = provider.refresh("WebService", made)
    assert refreshed is not None
    mended = provider.update("WebService", refreshed, **WEB, envVars={"A": "1"})

    assert refreshed.inputs["envVars"] == {"A": "by hand"}
    assert render.env_vars[made.id] == {"A": "1"}
    assert mended.outputs["revision"] != made.outputs["revision"]


def test_drift_in_the_plan_is_seen_and_mended(provider: Driver, render: FakeRender) -> None:
    """A plan changed by the API shows after a refresh and is set back by one PATCH."""
    made = provider.create("WebService", **WEB)
    render.things["services"][made.id]["serviceDetails"]["plan"] = "pro"

    refreshed = provider.refresh("WebService", made)
    assert refreshed is not None
    found = provider.diff("WebService", refreshed, **WEB)
    render.asked.clear()
    provider.update("WebService", refreshed, **WEB)

    assert found.diffs == ["plan"]
    assert render.writes() == [("PATCH", f"/services/{made.id}", {"serviceDetails": {"plan": "starter"}})]


def test_what_render_adds_is_no_difference(provider: Driver, render: FakeRender) -> None:
    """maxShutdownDelaySeconds, numInstances, region and maintenance mode come back although nobody set them."""
    made = provider.create("WebService", **WEB)
    details = render.things["services"][made.id]["serviceDetails"]
    details |= {"maintenanceMode": {"enabled": False, "uri": ""}, "maxShutdownDelaySeconds": 60, "numInstances": 4}

    refreshed = provider.refresh("WebService", made)

    assert refreshed is not None
    assert refreshed.inputs == WEB
    assert provider.diff("WebService", refreshed, **WEB).changes is False


@pytest.mark.parametrize("there", [{}, {"maintenanceMode": {"enabled": False, "uri": ""}}])
def test_no_maintenance_mode_is_maintenance_mode_off(
    provider: Driver, render: FakeRender, there: dict[str, Any]
) -> None:
    """Free services have none and refuse it, paid ones always tell it: off means the same in both."""
    off: dict[str, Any] = {"maintenanceMode": {"enabled": False}}
    made = provider.create("WebService", **WEB, **off)
    details = render.things["services"][made.id]["serviceDetails"]
    details.pop("maintenanceMode")
    details |= there

    refreshed = provider.refresh("WebService", made)

    assert refreshed is not None
    assert provider.diff("WebService", refreshed, **WEB, **off).changes is False


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:1", "docker.io/library/nginx:1"),
        ("me/app", "docker.io/me/app:latest"),
        ("docker.io/nginx", "docker.io/library/nginx:latest"),
        ("ghcr.io/me/app:2", "ghcr.io/me/app:2"),
        ("127.0.0.1:5000/app@sha256:ab", "127.0.0.1:5000/app@sha256:ab"),
        ("localhost/app", "localhost/app:latest"),
    ],
)
def test_images_are_compared_as_render_spells_them(short: str, full: str) -> None:
    """Render answers `docker.io/library/nginx:latest` to `nginx`."""
    assert normal(short) == full
    assert normal(full) == full


def test_a_new_digest_is_a_difference(provider: Driver, render: FakeRender) -> None:
    """Another digest of the same image is another release."""
    old, new = ({"imagePath": f"r.test/app@sha256:{digest}"} for digest in ("aa", "bb"))
    made = provider.create("WebService", **{**WEB, "image": old})

    found = provider.diff("WebService", made, **{**WEB, "image": new})
    changed = provider.update("WebService", made, **{**WEB, "image": new})

    assert found.diffs == ["image"]
    assert render.things["services"][made.id]["imagePath"] == "r.test/app@sha256:bb"
    assert changed.outputs["revision"] != made.outputs["revision"]


def test_the_revision_follows_only_what_a_release_depends_on(provider: Driver) -> None:
    """A new name or number of instances needs no deploy."""
    made = provider.create("WebService", **WEB, numInstances=1)

    changed = provider.update("WebService", made, **{**WEB, "name": "other"}, numInstances=3)

    assert changed.outputs["revision"] == made.outputs["revision"]


def test_going_there_and_back_makes_two_revisions(provider: Driver) -> None:
    """A to B and back to A: what ran in between has to be deployed over."""
    first = provider.create("WebService", **WEB, envVars={"A": "1"})
    second = provider.update("WebService", first, **WEB, envVars={"A": "2"})
    third = provider.update("WebService", second, **WEB, envVars={"A": "1"})

    assert len({kept.outputs["revision"] for kept in (first, second, third)}) == 3


def test_the_revision_is_known_in_a_preview_when_the_inputs_are(provider: Driver) -> None:
    """A preview says whether a deploy will follow."""
    made = provider.create("WebService", **WEB, envVars={"A": "1"})

    shown = provider.preview("WebService", **WEB, envVars={"A": "1"})
    unknown = provider.preview("WebService", **WEB, envVars={"A": UNKNOWN})
    changed = provider.update("WebService", made, preview=True, **WEB, envVars={"A": "2"})
    done = provider.update("WebService", made, **WEB, envVars={"A": "2"})

    assert shown["revision"] == made.outputs["revision"]
    assert unknown["revision"] is UNKNOWN
    assert (shown["url"], shown["slug"]) == (UNKNOWN, UNKNOWN)
    assert changed.outputs["revision"] == done.outputs["revision"]
    assert changed.outputs["url"] == "https://web.onrender.com"


def test_scaling_has_its_own_call(provider: Driver, render: FakeRender) -> None:
    """numInstances and autoscaling are not PATCHable; nothing else is sent."""
    made = provider.create("WebService", **WEB, numInstances=1)
    render.asked.clear()

    provider.update("WebService", made, **WEB, numInstances=3)

    assert render.writes() == [("POST", f"/services/{made.id}/scale", {"numInstances": 3})]


def test_autoscaling_comes_and_goes(provider: Driver, render: FakeRender) -> None:
    """Set by PUT, removed by DELETE when no longer declared."""
    scaling = {
        "min": 2,
        "max": 3,
        "criteria": {"cpu": {"enabled": True, "percentage": 60}, "memory": {"enabled": False, "percentage": 70}},
    }
    made = provider.create("WebService", **WEB)
    render.asked.clear()

    on = provider.update("WebService", made, **WEB, autoscaling=scaling)
    found = provider.diff("WebService", on, **WEB)
    provider.update("WebService", on, **WEB)

    path = f"/services/{made.id}/autoscaling"
    assert render.writes() == [("PUT", path, {"enabled": True, **scaling}), ("DELETE", path, None)]
    assert found.diffs == ["autoscaling"]


def test_an_environment_move_is_a_move(provider: Driver, render: FakeRender) -> None:
    """POST to the target environment only: the Terraform provider removes by the service's id."""
    render.things["environments"]["evm-2"] = {"id": "evm-2", "name": "two"}
    made = provider.create("WebService", **WEB)
    render.asked.clear()

    provider.update("WebService", made, **{**WEB, "environmentId": "evm-2"})

    assert render.writes() == [("POST", "/environments/evm-2/resources", {"resourceIds": [made.id]})]


def test_a_move_with_linked_groups_says_what_to_do(provider: Driver, render: FakeRender) -> None:
    """Render refuses to move a service whose env groups stay behind."""
    made = provider.create("WebService", **WEB)
    render.things["environments"]["evm-2"] = {"id": "evm-2", "name": "two"}
    message = "cannot move service out of environment with linked env groups"
    render.refuse = {"POST /environments/evm-2/resources": (400, {"message": message})}

    with pytest.raises(Exception, match=f"{message}\n\nhint: remove its EnvGroupLink in one `pulumi up`"):
        provider.update("WebService", made, **{**WEB, "environmentId": "evm-2"})


def test_another_region_replaces_and_deletes_first(provider: Driver) -> None:
    """Two of one name would be taken for one."""
    made = provider.create("WebService", **WEB, region="oregon")

    found = provider.diff("WebService", made, **WEB, region="frankfurt")
    renamed = provider.diff("WebService", made, **{**WEB, "name": "new"}, region="frankfurt")

    assert (found.replaces, found.delete_before_replace) == (["region"], True)
    assert renamed.delete_before_replace is False


@pytest.mark.parametrize(
    ("inputs", "failures"),
    [
        ({"name": "w"}, {"image": "a service has either an image or a repo with a branch"}),
        (
            {"name": "w", "repo": "r"},
            {"runtime": "say what runs the code: docker, elixir, go, node, python, ruby or rust"},
        ),
        (
            {**WEB, "plan": "free"},
            {"plan": "Render's API makes no free services; take starter, or make it in the dashboard and import it"},
        ),
        (
            {**WEB, "regoin": "x", "numInstances": 0},
            {
                "regoin": "Extra inputs are not permitted",
                "numInstances": "Input should be greater than or equal to 1",
            },
        ),
        (
            {**WEB, "region": "mars"},
            {"region": "Input should be 'frankfurt', 'ohio', 'oregon', 'singapore' or 'virginia'"},
        ),
        ({"image": {"imagePath": "nginx"}}, {"name": "Field required"}),
    ],
)
def test_mistakes_are_told_by_property_and_all_at_once(
    provider: Driver, inputs: dict[str, Any], failures: dict[str, Any]
) -> None:
    """A check names every bad input before anything is sent."""
    assert provider.check("WebService", inputs) == failures
    assert provider.render.asked == []


def test_a_plan_that_we_do_not_know_is_a_warning(provider: Driver) -> None:
    """Render adds plans faster than providers follow."""
    assert provider.check("WebService", {**WEB, "plan": "4c-8g"}) == {}
    assert [level for level, _ in provider.said] == ["warning"]


def test_a_value_that_is_not_known_yet_is_no_mistake(provider: Driver) -> None:
    """In a preview an image or a variable may come from something that does not exist yet."""
    unknown = {"name": "w", "image": {"imagePath": UNKNOWN}, "envVars": {"A": UNKNOWN}, "numInstances": UNKNOWN}

    assert provider.check("WebService", unknown) == {}
    assert provider.check("WebService", {"name": "w", "image": UNKNOWN, "envVars": UNKNOWN}) == {}


def test_settings_that_we_do_not_know_are_passed_on(provider: Driver, render: FakeRender) -> None:
    """New keys of serviceDetails need no new provider."""
    made = provider.create("WebService", **WEB, serviceDetails={"cache": {"profile": "no-cache"}})

    refreshed = provider.refresh("WebService", made)

    assert render.things["services"][made.id]["serviceDetails"]["cache"] == {"profile": "no-cache"}
    assert refreshed is not None
    assert refreshed.inputs["serviceDetails"] == {"cache": {"profile": "no-cache"}}


def test_a_missing_branch_says_what_to_push(provider: Driver, render: FakeRender) -> None:
    """Bringing up an environment before its branch exists is answered by the command that mends it."""
    message = "branch develop not found in https://github.com/o/r"
    render.refuse = {"POST /services": (400, {"message": message})}

    with pytest.raises(Exception, match=f"{message} \\(HTTP 400\\)\n\nhint: git push origin HEAD:develop"):
        provider.create("WebService", name="w", repo="https://github.com/o/r", branch="develop", runtime="docker")


def test_one_of_the_same_name_elsewhere_is_not_taken_over(provider: Driver, render: FakeRender) -> None:
    """Another environment's service is never adopted; the error names the import."""
    provider.create("WebService", **WEB)

    with pytest.raises(
        Exception,
        match=r"web: exists already in evm-1 as srv-\d+, not in evm-2\n\nhint: .*pulumi import render:index:We",
    ):
        provider.create("WebService", logical="b", **{**WEB, "environmentId": "evm-2"})


def test_two_resources_cannot_be_one_service(provider: Driver) -> None:
    """A name used twice in one program is an error, not a silent adoption."""
    provider.create("WebService", logical="a", **WEB)

    with pytest.raises(Exception, match="two resources are one thing at Render"):
        provider.create("WebService", logical="b", **WEB)


def test_a_create_that_fails_after_the_post_is_kept(provider: Driver, render: FakeRender) -> None:
    """What exists is never forgotten: the error carries its id and inputs to the engine's state."""
    render.refuse = {"GET /services/srv-00000000000000000001/env-vars": (500, {"message": "boom"})}

    with pytest.raises(HalfDoneError, match="boom") as caught:
        provider.create("WebService", **WEB, envVars={"A": "1"})

    assert caught.value.key == "srv-00000000000000000001"
    assert isinstance(caught.value.properties["envVars"], Secret)
    assert caught.value.properties["name"] == "web"


def test_importing_the_wrong_kind_is_told(provider: Driver) -> None:
    """A worker's id is not a web service's."""
    made = provider.create("BackgroundWorker", **WEB)

    with pytest.raises(Exception, match=f"{made.id} is no web_service: Render says it is a background_worker"):
        provider.adopt("WebService", made.id)
