"""Projects, environments, databases, stores, groups and credentials through the local Render API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.render_api_fake import OWNER, Api, serving, web
from tests.support.waiting import eventually


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with serving(tmp_path) as served:
        yield served


def postgres(**changes: Any) -> dict[str, Any]:
    """The body of POST /postgres."""
    return {"name": "db", "ownerId": OWNER, "plan": "basic_256mb", "version": "16", **changes}


def project(api: Api, *names: str) -> dict[str, Any]:
    """A project with environments of those names."""
    body = {"name": "cams", "ownerId": OWNER, "environments": [{"name": name} for name in names]}
    made: dict[str, Any] = api.call("POST", "/v1/projects", body, status=201)
    return made


def test_environments_show_their_members(api: Api) -> None:
    """Lists that are empty are null; a resource that moves leaves the environment it was in."""
    one, two = project(api, "dev", "staging")["environmentIds"]
    empty = api.call("GET", f"/v1/environments/{one}", status=200)
    database = api.call("POST", "/v1/postgres", postgres(environmentId=one), status=201)["id"]

    moved = api.call("POST", f"/v1/environments/{two}/resources", {"resourceIds": [database]}, status=201)
    api.call("DELETE", f"/v1/environments/whatever/resources?resourceIds={database}", status=204)

    assert [empty[key] for key in ("serviceIds", "databasesIds", "redisIds", "envGroupIds")] == [None] * 4
    assert moved["databasesIds"] == [database]
    assert api.call("GET", f"/v1/environments/{one}")["databasesIds"] is None
    assert api.call("GET", f"/v1/environments/{two}")["databasesIds"] is None


def test_a_service_with_a_scoped_group_does_not_leave(api: Api) -> None:
    """The group of an environment links only to its services, and holds them there."""
    one, two = project(api, "dev", "staging")["environmentIds"]
    inside = api.call("POST", "/v1/services", web("inside", environmentId=one), status=201)["service"]["id"]
    outside = api.call("POST", "/v1/services", web("outside", environmentId=two), status=201)["service"]["id"]
    body = {"name": "g", "ownerId": OWNER, "envVars": [], "environmentId": one, "serviceIds": [inside]}
    group = api.call("POST", "/v1/env-groups", body, status=201)

    moved = api.call("POST", f"/v1/environments/{two}/resources", {"resourceIds": [inside]}, status=400)
    linked = api.call("POST", f"/v1/env-groups/{group['id']}/services/{outside}", status=400)

    assert moved == {"message": "cannot move service out of environment with linked env groups"}
    assert "belongs to environment" in linked["message"]
    assert group["serviceLinks"] == [{"id": inside, "name": "inside", "type": "web"}]


def test_deleting_a_project_deletes_everything_in_it(api: Api) -> None:
    """Environments, databases, stores, groups and services go; what is outside stays."""
    made = project(api, "dev")
    [environment] = made["environmentIds"]
    api.call("POST", "/v1/postgres", postgres(environmentId=environment), status=201)
    store = {"name": "kv", "ownerId": OWNER, "plan": "starter", "environmentId": environment}
    api.call("POST", "/v1/key-value", store, status=201)
    group = {"name": "g", "ownerId": OWNER, "envVars": [], "environmentId": environment}
    api.call("POST", "/v1/env-groups", group, status=201)
    api.call("POST", "/v1/services", web(environmentId=environment), status=201)
    outside = api.call("POST", "/v1/postgres", postgres(name="outside"), status=201)["id"]

    api.call("DELETE", f"/v1/projects/{made['id']}", status=204)

    assert [item["postgres"]["id"] for item in api.call("GET", "/v1/postgres")] == [outside]
    assert [api.call("GET", f"/v1/{kind}") for kind in ("services", "key-value", "env-groups", "projects")] == [
        []
    ] * 4
    names = [name for name, _ in api.runtime.calls]
    assert [names.count(name) for name in ("drop_postgres", "drop_key_value", "remove_service")] == [1, 1, 1]


def test_a_database_becomes_available(api: Api) -> None:
    """The name gets a suffix, the reply carries nanoseconds, later reads microseconds."""
    made = api.call("POST", "/v1/postgres", postgres(databaseName="cams", databaseUser="owner"), status=201)
    path = f"/v1/postgres/{made['id']}"
    ready = eventually(lambda: (found := api.call("GET", path))["status"] == "available" and found)
    info = api.call("GET", f"{path}/connection-info", status=200)

    assert made["status"] == "creating"
    assert made["id"].startswith("dpg-")
    assert made["id"].endswith("-a")
    assert made["databaseName"].startswith("cams_")
    assert made["databaseUser"] == "owner"
    assert len(made["createdAt"]) > len(ready["createdAt"])
    assert made["diskSizeGB"] == 15
    assert made["ipAllowList"] == [{"cidrBlock": "0.0.0.0/0", "description": "everywhere"}]
    url = f"postgresql://owner:{info['password']}@127.0.0.1:5555/{made['databaseName']}"
    assert (info["internalConnectionString"], info["externalConnectionString"]) == (url, url)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"databaseUser": "No-Good"}, 'database username: "No-Good" not a valid SQL identifier; must match'),
        ({"databaseName": "1st"}, "not a valid SQL identifier"),
        ({"version": "9"}, "invalid version 9"),
        ({"version": "17"}, "not on this machine, which has 16, 18"),
        ({"plan": "starter"}, "not available for new databases"),
        ({"plan": "huge"}, "invalid plan huge"),
        ({"diskSizeGB": 7}, "must be 1 or a multiple of 5"),
        ({"enableHighAvailability": True}, "needs a pro or accelerated plan"),
        ({"region": "mars"}, "region"),
        ({"datadogAPIKey": "k"}, "datadogAPIKey: is not supported by the local cloud"),
    ],
)
def test_bad_databases_are_refused(api: Api, changes: dict[str, Any], message: str) -> None:
    """A value that the real API would refuse is a 400 that says so, and makes nothing."""
    reply = api.call("POST", "/v1/postgres", postgres(**changes), status=400)

    assert message in reply["message"]
    assert api.runtime.called("create_postgres") == []


def test_a_disk_grows_by_render_or_by_hand(api: Api) -> None:
    """One PATCH switches autoscaling on and grows the disk; a new plan leaves both."""
    made = api.call("POST", "/v1/postgres", postgres(diskSizeGB=15), status=201)
    path = f"/v1/postgres/{made['id']}"

    grown = api.call("PATCH", path, {"enableDiskAutoscaling": True, "diskSizeGB": 20}, status=200)
    changed = api.call("PATCH", path, {"plan": "pro_4gb"}, status=200)

    assert (made["diskAutoscalingEnabled"], made["diskSizeGB"]) == (False, 15)
    assert (grown["diskAutoscalingEnabled"], grown["diskSizeGB"]) == (True, 20)
    assert (changed["diskAutoscalingEnabled"], changed["diskSizeGB"]) == (True, 20)


def test_a_disk_only_grows_and_replicas_are_a_full_list(api: Api) -> None:
    """PATCH refuses a smaller disk; replicas that are not named go; an empty allow list reads as null."""
    made = api.call("POST", "/v1/postgres", postgres(readReplicas=[{"name": "r1"}, {"name": "r2"}]), status=201)
    path = f"/v1/postgres/{made['id']}"

    refused = api.call("PATCH", path, {"diskSizeGB": 10}, status=400)
    body = {"readReplicas": [{"name": "r2"}, {"name": "r3"}], "ipAllowList": []}
    changed = api.call("PATCH", path, body, status=200)

    assert "cannot shrink" in refused["message"]
    stem = made["id"].removesuffix("a")
    assert changed["readReplicas"] == [{"id": f"{stem}c", "name": "r2"}, {"id": f"{stem}b", "name": "r3"}]
    assert changed["ipAllowList"] is None
    assert api.call("GET", f"/v1/postgres/{stem}c")["primaryPostgresID"] == made["id"]


def test_a_key_value_store(api: Api) -> None:
    """It starts as unknown, becomes available, restarts with changed settings, and can be suspended."""
    body = {"name": "kv", "ownerId": OWNER, "plan": "starter", "maxmemoryPolicy": "noeviction"}
    made = api.call("POST", "/v1/key-value", body, status=201)
    path = f"/v1/key-value/{made['id']}"
    eventually(lambda: api.call("GET", path)["status"] == "available")

    changed = api.call("PATCH", path, {"persistenceMode": "off"}, status=200)
    eventually(lambda: len(api.runtime.called("start_key_value")) == 2)
    api.call("POST", f"{path}/suspend", status=202)

    assert (made["status"], made["ipAllowList"]) == ("unknown", None)
    assert changed["options"] == {"maxmemoryPolicy": "noeviction", "persistenceMode": "off"}
    assert [call[1]["persistence"] for call in api.runtime.called("start_key_value")] == [True, False]
    assert api.call("GET", path)["status"] == "suspended"
    assert api.call("GET", f"{path}/connection-info")["internalConnectionString"] == "redis://127.0.0.1:6666"


def test_env_groups(api: Api) -> None:
    """Writing one variable answers with the whole group, newest first; the list shows no values."""
    body = {"name": "g", "ownerId": OWNER, "envVars": [{"key": "A", "value": "1"}, {"key": "B", "value": "2"}]}
    group = api.call("POST", "/v1/env-groups", body, status=201)
    path = f"/v1/env-groups/{group['id']}"

    after = api.call("PUT", f"{path}/env-vars/C", {"value": "3"}, status=200)
    api.call("DELETE", f"{path}/env-vars/A", status=204)
    api.call("DELETE", f"{path}/env-vars/A", status=404)
    filed = api.call("PUT", f"{path}/secret-files/f", {"content": "x"}, status=200)
    [listed] = api.call("GET", "/v1/env-groups")

    assert [item["key"] for item in after["envVars"]] == ["C", "B", "A"]
    assert filed["secretFiles"] == [{"name": "f", "content": "x"}]
    assert {"envVars", "secretFiles"}.isdisjoint(listed)


def test_a_credentials_token_is_never_read_back(api: Api) -> None:
    """Create answers 200 and no reply holds the token; PATCH needs all four fields; a service shows its name."""
    body = {"name": "ecr", "registry": "AWS_ECR", "username": "AKIA", "authToken": "hush", "ownerId": OWNER}
    made = api.call("POST", "/v1/registrycredentials", body, status=200)
    path = f"/v1/registrycredentials/{made['id']}"
    api.call("PATCH", path, {"name": "other"}, status=400)
    image = {"ownerId": OWNER, "imagePath": "nginx", "registryCredentialId": made["id"]}
    service = api.call("POST", "/v1/services", web(image=image), status=201)["service"]

    replies = [made, api.call("GET", path), api.call("GET", "/v1/registrycredentials")]
    api.call("DELETE", path, status=204)

    assert "hush" not in str(replies)
    assert service["registryCredential"] == {"id": made["id"], "name": "ecr"}
    assert "registryCredential" not in api.call("GET", f"/v1/services/{service['id']}")


def test_the_owner(api: Api) -> None:
    """There is one workspace, and the key's user."""
    [item] = api.call("GET", "/v1/owners", status=200)

    assert (item["owner"]["id"], item["owner"]["type"]) == (OWNER, "team")
    assert set(api.call("GET", "/v1/users")) == {"email", "name"}
    assert api.call("GET", "/v1/owners/tea-other", status=404) == {"message": "not found: tea-other"}
