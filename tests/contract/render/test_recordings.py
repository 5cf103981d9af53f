"""The local Render API's replies have the fields and statuses of recorded replies of the real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.render_api_fake import OWNER, Api, serving, web

RECORDINGS = Path(__file__).parents[4] / "shared" / "reference" / "render-exchanges.json"
NEWER = {"autoDeployTrigger", "ipAllowList", "maxShutdownDelaySeconds", "networkIsolationEnabled", "startedAt"}
"""Fields that Render added after some of the recordings were made, as its published description has them."""
OPTIONAL = {"environmentId", "disk", "diskAutoscalingEnabled", "readReplicas"}
"""Fields whose presence depends on what was asked for, which the recorded calls and ours do differently."""


@cache
def recordings() -> dict[str, Any]:
    """The recorded exchanges by method, path and status."""
    if not RECORDINGS.exists():
        pytest.skip(f"the recorded exchanges are not here: {RECORDINGS}")
    return dict(json.loads(RECORDINGS.read_text()))


@pytest.fixture(scope="module")
def replies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[int, Any]]]:
    """Our own replies to the recorded calls, under the recordings' names."""
    recordings()
    with serving(tmp_path_factory.mktemp("render")) as api:
        yield dict(_exchanges(api))


def _exchanges(api: Api) -> Iterator[tuple[str, tuple[int, Any]]]:
    def call(name: str, method: str, path: str, body: Any = None) -> tuple[str, tuple[int, Any]]:
        reply = api.raw(method, f"/v1{path}", body)
        return name, (reply.status_code, reply.json() if reply.content else None)

    yield from _places(api, call)
    yield from _data(call)
    yield from _groups(call)
    yield from _services(api, call)


def _places(api: Api, call: Any) -> Iterator[tuple[str, tuple[int, Any]]]:
    body = {"name": "first", "ownerId": OWNER, "environments": [{"name": "prod", "protectedStatus": "protected"}]}
    made = call("POST /v1/projects 201", "POST", "/projects", body)
    yield made
    project = made[1][1]
    [environment] = project["environmentIds"]
    path = f"/environments/{environment}"
    service = api.call("POST", "/v1/services", web("member"), status=201)["service"]["id"]
    yield call("GET /v1/projects/{prj} 200", "GET", f"/projects/{project['id']}")
    yield call("PATCH /v1/projects/{prj} 200", "PATCH", f"/projects/{project['id']}", {"name": "bar"})
    yield call("GET /v1/environments/{evm} 200", "GET", path)
    yield call("PATCH /v1/environments/{evm} 200", "PATCH", path, {"name": "prod", "networkIsolationEnabled": False})
    other = {"name": "staging", "projectId": project["id"], "networkIsolationEnabled": True}
    second = call("POST /v1/environments 201", "POST", "/environments", other)
    yield second
    members = {"resourceIds": [service]}
    yield call("POST /v1/environments/{evm}/resources 201", "POST", f"{path}/resources", members)
    yield call("DELETE /v1/environments/{evm}/resources 204", "DELETE", f"{path}/resources?resourceIds={service}")
    yield call(
        "DELETE /v1/environments/{srv}/resources 204", "DELETE", f"/environments/x/resources?resourceIds={service}"
    )
    yield call("DELETE /v1/environments/{evm} 204", "DELETE", f"/environments/{second[1][1]['id']}")
    yield call("DELETE /v1/projects/{prj} 204", "DELETE", f"/projects/{project['id']}")


def _data(call: Any) -> Iterator[tuple[str, tuple[int, Any]]]:
    body: dict[str, Any] = {
        "name": "some-name",
        "ownerId": OWNER,
        "plan": "pro_4gb",
        "version": "16",
        "ipAllowList": [],
    }
    made = call("POST /v1/postgres 201", "POST", "/postgres", {**body, "readReplicas": [{"name": "read-replica"}]})
    yield made
    path = f"/postgres/{made[1][1]['id']}"
    yield call("GET /v1/postgres/{dpg} 200", "GET", path)
    yield call("GET /v1/postgres/{dpg}/connection-info 200", "GET", f"{path}/connection-info")
    yield call("PATCH /v1/postgres/{dpg} 200", "PATCH", path, {"name": "other", "readReplicas": None})
    yield call("DELETE /v1/postgres/{dpg} 204", "DELETE", path)
    ranges = [{"cidrBlock": "1.1.1.1/32", "description": "one"}]
    body = {"name": "kv", "ownerId": OWNER, "plan": "starter", "ipAllowList": ranges, "persistenceMode": "snapshot"}
    made = call("POST /v1/{key} 201", "POST", "/key-value", body)
    yield made
    path = f"/key-value/{made[1][1]['id']}"
    yield call("GET /v1/{key}/{red} 200", "GET", path)
    yield call("GET /v1/{key}/{red}/connection-info 200", "GET", f"{path}/connection-info")
    yield call("PATCH /v1/{key}/{red} 200", "PATCH", path, {"plan": "standard", "ipAllowList": []})
    yield call("DELETE /v1/{key}/{red} 204", "DELETE", path)


def _groups(call: Any) -> Iterator[tuple[str, tuple[int, Any]]]:
    variables = [{"key": "DEBUG_MODE", "value": "false"}, {"key": "INSTANCE_ID", "generateValue": True}]
    files = [{"name": "secrets.json", "content": "{}"}]
    body = {"name": "group", "ownerId": OWNER, "envVars": variables, "secretFiles": files}
    made = call("POST /v1/{env} 201", "POST", "/env-groups", body)
    yield made
    path = f"/env-groups/{made[1][1]['id']}"
    yield call("GET /v1/{env}/{evg} 200", "GET", path)
    yield call("PUT /v1/{env}/{evg}/{env}/key1 200", "PUT", f"{path}/env-vars/key1", {"value": "new-value"})
    yield call("DELETE /v1/{env}/{evg}/{env}/DEBUG_MODE 204", "DELETE", f"{path}/env-vars/DEBUG_MODE")
    yield call("PUT /v1/{env}/{evg}/secret-files/file1 200", "PUT", f"{path}/secret-files/file1", {"content": "c"})
    yield call("DELETE /v1/{env}/{evg}/secret-files/secrets.json 204", "DELETE", f"{path}/secret-files/secrets.json")
    yield call("PATCH /v1/{env}/{evg} 200", "PATCH", path, {"name": "new-name"})
    yield call("DELETE /v1/{env}/{evg} 204", "DELETE", path)


def _services(api: Api, call: Any) -> Iterator[tuple[str, tuple[int, Any]]]:
    variables = [{"key": "key1", "value": "val1"}, {"key": "key2", "value": "val2"}]
    files = [{"name": "file1", "content": "content1"}]
    details = {"preDeployCommand": "echo 'hello world'", "previews": {"generation": "automatic"}}
    body = web("worker", type="background_worker", envVars=variables, secretFiles=files, details=details)
    made = call("POST /v1/services 201", "POST", "/services", body)
    yield made
    key, deploy = made[1][1]["service"]["id"], made[1][1]["deployId"]
    path = f"/services/{key}"
    api.settled(key, deploy)
    yield call("GET /v1/services/{srv} 200", "GET", path)
    yield call("GET /v1/services 200", "GET", "/services?name=worker")
    yield call("GET /v1/services/{srv}/{env} 200", "GET", f"{path}/env-vars")
    yield call("PUT /v1/services/{srv}/{env} 200", "PUT", f"{path}/env-vars", variables)
    yield call("GET /v1/services/{srv}/secret-files 200", "GET", f"{path}/secret-files")
    yield call("PUT /v1/services/{srv}/secret-files 200", "PUT", f"{path}/secret-files", files)
    yield call("PATCH /v1/services/{srv} 200", "PATCH", path, {"name": "new-name"})
    yield call("POST /v1/services/{srv}/scale 202", "POST", f"{path}/scale", {"numInstances": 2})
    yield call("POST /v1/services/{srv}/deploys 201", "POST", f"{path}/deploys", {})
    yield call("DELETE /v1/services/{srv} 204", "DELETE", path)
    made = api.call(
        "POST", "/v1/services", web("cron", type="cron_job", details={"schedule": "0 0 * * *"}), status=201
    )
    path = f"/services/{made['service']['id']}"
    api.settled(made["service"]["id"], made["deployId"])
    yield call("GET /v1/services/{crn} 200", "GET", path)
    yield call("PATCH /v1/services/{crn} 200", "PATCH", path, {"serviceDetails": {"schedule": "0 2 * * *"}})
    yield call("POST /v1/services/{crn}/deploys 201", "POST", f"{path}/deploys", {})
    yield call("DELETE /v1/services/{crn} 204", "DELETE", path)
    yield from _static(api, call)


def _static(api: Api, call: Any) -> Iterator[tuple[str, tuple[int, Any]]]:
    body = {
        "type": "static_site",
        "name": "site",
        "ownerId": OWNER,
        "repo": "https://github.com/a/b",
        "branch": "main",
    }
    made = api.call("POST", "/v1/services", {**body, "serviceDetails": {"publishPath": "dist"}}, status=201)
    path = f"/services/{made['service']['id']}"
    domain = {"name": "static-site.example.com"}
    yield call("GET /v1/services/{srv}/custom-domains 200", "GET", f"{path}/custom-domains")
    yield call("POST /v1/services/{srv}/custom-domains 201", "POST", f"{path}/custom-domains", domain)
    yield call(
        "DELETE /v1/services/{srv}/custom-domains/static-site.example.com 204",
        "DELETE",
        f"{path}/custom-domains/static-site.example.com",
    )
    yield call("GET /v1/services/{srv}/routes 200", "GET", f"{path}/routes")
    yield call("GET /v1/services/{srv}/headers 200", "GET", f"{path}/headers")
    header = [{"name": "Cache-Control", "path": "/api/*", "value": "max-age=12345"}]
    yield call("PUT /v1/services/{srv}/headers 200", "PUT", f"{path}/headers", header)
    route = [{"type": "redirect", "source": "/about", "destination": "/about-us"}]
    yield call("PUT /v1/services/{srv}/routes 200", "PUT", f"{path}/routes", route)


COVERED = [
    "POST /v1/projects 201",
    "GET /v1/projects/{prj} 200",
    "PATCH /v1/projects/{prj} 200",
    "DELETE /v1/projects/{prj} 204",
    "POST /v1/environments 201",
    "GET /v1/environments/{evm} 200",
    "PATCH /v1/environments/{evm} 200",
    "DELETE /v1/environments/{evm} 204",
    "POST /v1/environments/{evm}/resources 201",
    "DELETE /v1/environments/{evm}/resources 204",
    "DELETE /v1/environments/{srv}/resources 204",
    "POST /v1/postgres 201",
    "GET /v1/postgres/{dpg} 200",
    "GET /v1/postgres/{dpg}/connection-info 200",
    "PATCH /v1/postgres/{dpg} 200",
    "DELETE /v1/postgres/{dpg} 204",
    "POST /v1/{key} 201",
    "GET /v1/{key}/{red} 200",
    "GET /v1/{key}/{red}/connection-info 200",
    "PATCH /v1/{key}/{red} 200",
    "DELETE /v1/{key}/{red} 204",
    "POST /v1/{env} 201",
    "GET /v1/{env}/{evg} 200",
    "PUT /v1/{env}/{evg}/{env}/key1 200",
    "DELETE /v1/{env}/{evg}/{env}/DEBUG_MODE 204",
    "PUT /v1/{env}/{evg}/secret-files/file1 200",
    "DELETE /v1/{env}/{evg}/secret-files/secrets.json 204",
    "PATCH /v1/{env}/{evg} 200",
    "DELETE /v1/{env}/{evg} 204",
    "POST /v1/services 201",
    "GET /v1/services/{srv} 200",
    "GET /v1/services 200",
    "GET /v1/services/{srv}/{env} 200",
    "PUT /v1/services/{srv}/{env} 200",
    "GET /v1/services/{srv}/secret-files 200",
    "PUT /v1/services/{srv}/secret-files 200",
    "PATCH /v1/services/{srv} 200",
    "POST /v1/services/{srv}/scale 202",
    "POST /v1/services/{srv}/deploys 201",
    "DELETE /v1/services/{srv} 204",
    "GET /v1/services/{crn} 200",
    "PATCH /v1/services/{crn} 200",
    "POST /v1/services/{crn}/deploys 201",
    "DELETE /v1/services/{crn} 204",
    "GET /v1/services/{srv}/custom-domains 200",
    "POST /v1/services/{srv}/custom-domains 201",
    "DELETE /v1/services/{srv}/custom-domains/static-site.example.com 204",
    "GET /v1/services/{srv}/routes 200",
    "GET /v1/services/{srv}/headers 200",
    "PUT /v1/services/{srv}/headers 200",
    "PUT /v1/services/{srv}/routes 200",
]


@pytest.mark.parametrize("name", COVERED)
def test_a_reply_has_the_recorded_shape(replies: dict[str, tuple[int, Any]], name: str) -> None:
    """Status and fields are those of the recording; what differs is named at the top of this file."""
    _, _, text = recordings()[name]
    recorded = json.loads(text) if text.strip() else None

    status, ours = replies[name]

    assert status == int(name.rpartition(" ")[2])
    assert _differences(recorded, ours, "") == []


def _differences(recorded: Any, ours: Any, at: str) -> list[str]:
    if isinstance(recorded, list) and isinstance(ours, list):
        return _differences(recorded[0], ours[0], f"{at}[0]") if recorded and ours else []
    if not isinstance(recorded, dict) or not isinstance(ours, dict):
        one_is_null = recorded is None or ours is None
        return [] if one_is_null or type(recorded) is type(ours) else [f"{at}: {type(ours)} for {type(recorded)}"]
    missing = [f"{at}.{key} is missing" for key in recorded.keys() - ours.keys() - OPTIONAL]
    extra = [f"{at}.{key} is extra" for key in ours.keys() - recorded.keys() - OPTIONAL - NEWER]
    inside = [_differences(recorded[key], ours[key], f"{at}.{key}") for key in recorded.keys() & ours.keys()]
    return missing + extra + [item for items in inside for item in items]
