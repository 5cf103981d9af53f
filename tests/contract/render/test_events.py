"""What the local Render tells of a service's past: deploys, crashes, restarts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localcloud.render.runtime.values import Crash, Recovery
from tests.support.render_api_fake import OWNER, Api, create, serving, web
from tests.support.waiting import eventually


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with serving(tmp_path) as served:
        yield served


def events(api: Api, service: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    """Newest first."""
    return [item["event"] for item in api.call("GET", f"/v1/services/{service['id']}/events{query}", status=200)]


def test_a_deploy_is_told_from_its_start_to_its_end(api: Api) -> None:
    """With what began it, and how it ended."""
    service, deploy = create(api, web())

    ended, started = events(api, service)

    assert (started["type"], started["details"]["deployId"]) == ("deploy_started", deploy["id"])
    assert started["details"]["trigger"]["manual"] is True
    assert ended == {
        "id": ended["id"],
        "timestamp": ended["timestamp"],
        "serviceId": service["id"],
        "type": "deploy_ended",
        "details": {"deployId": deploy["id"], "deployStatus": "succeeded", "status": 2, "reason": {}},
    }
    assert api.call("GET", f"/v1/events/{ended['id']}", status=200) == ended


def test_a_failed_deploy_and_a_rollback_are_told_as_such(api: Api) -> None:
    """A rollback names the deploy that it goes back to."""
    service, first = create(api, web())
    api.runtime.failing["start_instances"] = "it ended"
    failed = api.call("POST", f"/v1/services/{service['id']}/deploys", {}, status=201)
    api.settled(service["id"], failed["id"])
    del api.runtime.failing["start_instances"]
    body = {"deployId": first["id"]}
    rolled = api.call("POST", f"/v1/services/{service['id']}/rollback", body, status=201)
    api.settled(service["id"], rolled["id"])

    _, began, ended, *_ = events(api, service)

    assert (ended["details"]["deployId"], ended["details"]["deployStatus"]) == (failed["id"], "failed")
    assert began["details"]["trigger"]["rollback"] is True
    assert began["details"]["trigger"]["rollbackTargetDeployId"] == first["id"]


@pytest.mark.parametrize(
    ("code", "limit", "reason"),
    [
        (1, None, {"evicted": False, "nonZeroExit": 1}),
        (0, None, {"evicted": False, "earlyExit": True}),
        (137, 512, {"evicted": False, "oomKilled": {"memoryLimit": "512Mi"}}),
    ],
)
def test_an_instance_that_ends_by_itself_is_told_with_the_reason(
    api: Api, code: int, limit: int | None, reason: dict[str, Any]
) -> None:
    """And its return as another event."""
    service, _ = create(api, web())
    instance = f"{service['id']}-abcde"

    api.runtime.hear(Crash(service["id"], instance, code, limit))
    api.runtime.hear(Recovery(service["id"], instance))

    back, failed, *_ = eventually(lambda: (found := events(api, service))[3:] and found)
    assert (failed["type"], failed["details"]) == ("server_failed", {"instanceID": instance, "reason": reason})
    assert (back["type"], back["details"]) == ("server_available", {})


def test_news_of_a_service_that_is_gone_are_nobodys(api: Api) -> None:
    """An instance may end while its service is removed."""
    service, _ = create(api, web())
    api.call("DELETE", f"/v1/services/{service['id']}", status=204)

    api.runtime.hear(Crash(service["id"], "x", 1))

    assert api.raw("GET", f"/v1/services/{service['id']}/events").status_code == 404


def test_events_are_filtered_and_paged(api: Api) -> None:
    """By type and by time, with cursors as every list has them."""
    service, _ = create(api, web())
    path = f"/v1/services/{service['id']}"
    api.call("POST", f"{path}/scale", {"numInstances": 2}, status=202)
    api.call("POST", f"{path}/restart", status=200)
    everything = events(api, service)

    [scaled] = events(api, service, "?type=instance_count_changed")
    after = events(api, service, f"?startTime={scaled['timestamp']}")
    before = events(api, service, f"?endTime={scaled['timestamp']}")
    first = api.call("GET", f"{path}/events?limit=1", status=200)
    second = api.call("GET", f"{path}/events?limit=1&cursor={first[0]['cursor']}", status=200)

    assert scaled["details"] == {"fromInstances": 1, "toInstances": 2}
    assert [one["type"] for one in after] == ["server_restarted", "instance_count_changed"]
    assert [one["type"] for one in before] == ["instance_count_changed", "deploy_ended", "deploy_started"]
    assert [first[0]["event"], second[0]["event"]] == everything[:2]
    assert api.raw("GET", f"{path}/events?typ=x").status_code == 400


def test_a_rollback_takes_what_the_service_had_then_and_leaves_the_service_as_it_is(api: Api) -> None:
    """Command, health path, own variables, number of instances, and which groups; what these hold is as it is now."""
    service, first = create(api, web(envVars=[{"key": "APP_VERSION", "value": "one"}]))
    path = f"/v1/services/{service['id']}"
    shared = {"name": "later", "ownerId": OWNER, "envVars": [{"key": "LATER", "value": "yes"}]}
    group = api.call("POST", "/v1/env-groups", shared, status=201)["id"]
    api.call("POST", f"/v1/env-groups/{group}/services/{service['id']}", status=200)
    image = {"image": {"ownerId": service["ownerId"], "imagePath": "nginx:2"}}
    api.call("PUT", f"{path}/env-vars/APP_VERSION", {"value": "two"}, status=200)
    api.call("PATCH", path, image, status=200)
    second = api.call("POST", f"{path}/deploys", {}, status=201)
    api.settled(service["id"], second["id"])
    api.call("POST", f"{path}/scale", {"numInstances": 3}, status=202)
    eventually(lambda: api.runtime.called("start_instances")[-1][1][3]["count"] == 3)

    rolled = api.call("POST", f"{path}/rollback", {"deployId": first["id"]}, status=201)

    assert api.settled(service["id"], rolled["id"])["image"]["ref"] == "docker.io/library/nginx:latest"
    _, (_, _, env, how) = api.runtime.called("start_instances")[-1]
    assert (env["APP_VERSION"], how["count"], env.get("LATER")) == ("one", 1, None)
    assert api.call("GET", path)["serviceDetails"]["numInstances"] == 3
    assert api.call("GET", path)["imagePath"] == "docker.io/library/nginx:2"
    assert api.call("GET", f"{path}/env-vars/APP_VERSION")["value"] == "two"
