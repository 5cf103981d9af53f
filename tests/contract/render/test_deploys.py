"""Deploys, jobs and cron runs through the local Render API, with a runtime that runs nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.render_api_fake import OWNER, Api, branch_web, create, serving, web
from tests.support.runtime_fake import DIGEST
from tests.support.waiting import eventually


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with serving(tmp_path) as served:
        yield served


def test_the_environment_is_layered(api: Api) -> None:
    """Groups come first, older link first, then the service's own, and Render's own last."""
    groups = []
    for name, value in (("old", "1"), ("new", "2")):
        body = {
            "name": name,
            "ownerId": OWNER,
            "envVars": [{"key": "A", "value": value}, {"key": "B", "value": value}],
        }
        groups.append(api.call("POST", "/v1/env-groups", body, status=201)["id"])
    service, _ = create(api, web(envVars=[{"key": "B", "value": "own"}, {"key": "RENDER", "value": "no"}]))
    for group in groups:
        api.call("POST", f"/v1/env-groups/{group}/services/{service['id']}", status=200)

    deploy = api.call("POST", f"/v1/services/{service['id']}/deploys", {}, status=201)
    api.settled(service["id"], deploy["id"])

    _, (_, _, env, _) = api.runtime.called("start_instances")[-1]
    assert (env["A"], env["B"], env["RENDER"]) == ("2", "own", "true")
    assert env["RENDER_SERVICE_TYPE"] == "web"
    assert env["RENDER_EXTERNAL_URL"] == service["serviceDetails"]["url"]
    assert env["RENDER_EXTERNAL_HOSTNAME"] == "127.0.0.1"
    assert env["WEB_CONCURRENCY"] == "1"


def test_a_second_deploy_waits_behind_a_running_one(api: Api) -> None:
    """A deploy asked for meanwhile is 202 with no body; of two such, only the newer runs."""
    service, first = create(api, web())
    api.runtime.held["start_instances"] = threading.Event()
    path = f"/v1/services/{service['id']}/deploys"
    running = api.call("POST", path, {}, status=201)

    replies = [api.raw("POST", path, {}) for _ in range(2)]
    statuses = [item["deploy"]["status"] for item in api.call("GET", path, status=200)]
    api.runtime.held["start_instances"].set()
    eventually(lambda: not api.render.deployer.busy(service["id"]))

    assert [(reply.status_code, reply.content) for reply in replies] == [(202, b""), (202, b"")]
    assert statuses[:2] == ["queued", "canceled"]
    after = {item["deploy"]["id"]: item["deploy"]["status"] for item in api.call("GET", path, status=200)}
    assert (after[first["id"]], after[running["id"]]) == ("deactivated", "deactivated")
    assert list(after.values()) == ["live", "canceled", "deactivated", "deactivated"]


def test_a_running_deploy_is_canceled(api: Api) -> None:
    """Cancel ends the deploy that runs; the live one goes on serving."""
    service, first = create(api, web())
    api.runtime.held["start_instances"] = threading.Event()
    path = f"/v1/services/{service['id']}/deploys"
    deploy = api.call("POST", path, {}, status=201)
    eventually(lambda: len(api.runtime.called("start_instances")) == 2)

    canceled = api.call("POST", f"{path}/{deploy['id']}/cancel", status=200)

    assert canceled["status"] == "canceled"
    assert api.call("GET", f"{path}/{first['id']}")["status"] == "live"
    again = api.raw("POST", f"{path}/{deploy['id']}/cancel")
    assert again.status_code == 400


def test_a_deploy_that_takes_over_is_not_canceled(api: Api) -> None:
    """A cancel that comes while traffic is switched is refused once the deploy is live."""
    api.runtime.held["switch"] = threading.Event()
    made = api.call("POST", "/v1/services", web(), status=201)
    path = f"/v1/services/{made['service']['id']}/deploys/{made['deployId']}"
    eventually(lambda: api.runtime.called("switch"))
    threading.Timer(0.1, api.runtime.held["switch"].set).start()

    refused = api.call("POST", f"{path}/cancel", status=400)

    assert refused == {"message": f"deploy {made['deployId']} cannot be canceled: it is live"}
    assert api.call("GET", path)["status"] == "live"


@pytest.mark.parametrize(
    ("call", "status"),
    [("build", "build_failed"), ("run_once", "pre_deploy_failed"), ("start_instances", "update_failed")],
)
def test_each_step_fails_in_its_own_way(api: Api, call: str, status: str) -> None:
    """A deploy's status says which step failed, and its log says why."""
    api.runtime.failing[call] = "it broke"

    service, deploy = create(api, branch_web(details={"preDeployCommand": "migrate"}))

    assert deploy["status"] == status
    logs = api.call("GET", f"/v1/logs?ownerId={OWNER}&resource={service['id']}&limit=1", status=200)
    assert logs["logs"][0]["message"] == "==> it broke"


def test_the_values_of_a_log_label_tell_who_spoke_when(api: Api) -> None:
    """`/logs/values` lists each instance once, in a span of time, so that a new release's lines can be asked for."""
    service, deploy = create(api, branch_web())
    for instance in ("old", "old", "new"):
        api.runtime.logs.append(service["id"], f"{instance} speaks", type="app", instance=instance)
    about = f"ownerId={OWNER}&resource={service['id']}"

    every = api.call("GET", f"/v1/logs/values?{about}&label=instance&type=app", status=200)
    before = api.call("GET", f"/v1/logs/values?{about}&label=instance&endTime={deploy['createdAt']}", status=200)
    told = api.call("GET", f"/v1/logs?{about}&instance=new", status=200)
    refused = api.call("GET", f"/v1/logs/values?{about}&label=color", status=400)

    assert every == ["old", "new"]
    assert before == []
    assert [line["message"] for line in told["logs"]] == ["new speaks"]
    assert refused == {"message": "label: must be one of instance, type in the local cloud"}


def test_a_pre_deploy_command_gates(api: Api) -> None:
    """Exit code 1 of the pre-deploy command fails the deploy before anything starts."""
    api.runtime.exit_code = 1

    _, deploy = create(api, web(details={"preDeployCommand": "migrate"}))

    assert deploy["status"] == "pre_deploy_failed"
    assert api.runtime.called("start_instances") == []


def test_a_deploy_of_another_repository_is_refused(api: Api) -> None:
    """Only the tag or the digest may change with a deploy."""
    service, _ = create(api, web())
    path = f"/v1/services/{service['id']}/deploys"

    refused = api.call("POST", path, {"imageUrl": "docker.io/library/redis:7"}, status=400)
    taken = api.call("POST", path, {"imageUrl": f"nginx@{DIGEST}"}, status=201)

    assert refused == {"message": "only the image tag or digest can be updated when creating a deploy"}
    assert taken["image"] == {"ref": f"docker.io/library/nginx@{DIGEST}", "sha": DIGEST}


def test_a_suspended_service_is_not_deployed(api: Api) -> None:
    """Suspending ends the instances; deploys are refused until it is resumed, which deploys."""
    service, _ = create(api, web())
    path = f"/v1/services/{service['id']}"

    api.call("POST", f"{path}/suspend", status=202)
    refused = api.call("POST", f"{path}/deploys", {}, status=400)
    suspended = api.call("GET", path)
    api.call("POST", f"{path}/resume", status=202)
    newest = api.call("GET", f"{path}/deploys?limit=1")[0]["deploy"]

    assert refused == {"message": "cannot deploy suspended service"}
    assert (suspended["suspended"], suspended["suspenders"]) == ("suspended", ["user"])
    assert api.settled(service["id"], newest["id"])["trigger"] == "service_resumed"


def test_rollback_uses_the_old_build(api: Api) -> None:
    """A rollback of what was built builds nothing: it starts the release that was live before."""
    service, first = create(api, branch_web())
    path = f"/v1/services/{service['id']}"
    second = api.call("POST", f"{path}/deploys", {}, status=201)
    api.settled(service["id"], second["id"])
    built = len(api.runtime.called("build"))

    rolled = api.call("POST", f"{path}/rollback", {"deployId": first["id"]}, status=201)

    assert api.settled(service["id"], rolled["id"])["trigger"] == "rollback"
    assert len(api.runtime.called("build")) == built
    refused = api.raw("POST", f"{path}/rollback", {"deployId": "dep-none"})
    assert refused.status_code == 404


def test_the_last_releases_are_kept_for_a_rollback(api: Api) -> None:
    """After each deploy the runtime hears which files are needed: the live release's and the three before it."""
    service, _ = create(api, web())
    for _ in range(5):
        made = api.call("POST", f"/v1/services/{service['id']}/deploys", {}, status=201)
        api.settled(service["id"], made["id"])

    eventually(lambda: len(api.runtime.called("forget_releases")) == 6)
    kept = [len(used) for (used,) in api.runtime.called("forget_releases")]
    assert kept == [1, 2, 3, 4, 4, 4]


def test_a_moved_branch_is_deployed(api: Api) -> None:
    """A service that follows its branch is deployed when it moves; one with the trigger off is not."""
    follower, _ = create(api, branch_web("follower"))
    still, _ = create(api, branch_web("still", autoDeployTrigger="off"))

    api.runtime.branches["develop"] = "c" * 40
    path = f"/v1/services/{follower['id']}/deploys"
    newest = eventually(lambda: (found := api.call("GET", path))[1:] and found[0]["deploy"])

    assert (newest["trigger"], newest["commit"]["id"]) == ("new_commit", "c" * 40)
    assert len(api.call("GET", f"/v1/services/{still['id']}/deploys")) == 1


def test_scale_and_restart(api: Api) -> None:
    """Scaling changes the live deploy's instances; a restart starts new ones beside them."""
    service, deploy = create(api, web())
    path = f"/v1/services/{service['id']}"

    api.call("POST", f"{path}/scale", {"numInstances": 3}, status=202)
    eventually(lambda: len(api.runtime.called("start_instances")) == 2)
    api.call("POST", f"{path}/restart", status=200)
    eventually(lambda: len(api.runtime.called("switch")) == 3)

    [_, scaled, restarted] = [call[1] for call in api.runtime.called("start_instances")]
    assert (scaled[0], scaled[3]["count"]) == (deploy["id"], 3)
    assert (restarted[0], restarted[3]["count"]) == (f"{deploy['id']}.1", 3)
    assert api.call("GET", path)["serviceDetails"]["numInstances"] == 3
