"""Web services, workers, cron jobs and static sites: what users of other providers suffer from."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_plugin.plugin import HalfDoneError
from pulumi_plugin.values import UNKNOWN, Secret
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
