"""What all calls of the local Render API share: keys, pages, limits, faults, restarts."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.render_api_fake import OWNER, Api, branch_web, serving, web
from tests.support.runtime_fake import HEAD, FakeRuntime
from tests.support.waiting import eventually


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with serving(tmp_path) as served:
        yield served


def project(name: str) -> dict[str, object]:
    """The body of POST /projects."""
    return {"name": name, "ownerId": OWNER, "environments": []}


def test_health_needs_no_key_and_the_api_does(api: Api) -> None:
    """Without the key every call of the API is 401; health is open."""
    assert api.call("GET", "/_local/health", status=200, headers={}) == {"ready": True}
    assert api.raw("GET", "/v1/owners", headers={}).status_code == 401
    assert api.raw("GET", "/v1/owners", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_errors_have_a_message(api: Api) -> None:
    """Unknown paths, methods, ids and bad JSON are refused in Render's shape."""
    bad = api.raw("POST", "/v1/projects", data="{", headers={"Authorization": "Bearer rnd_test"})

    assert api.call("GET", "/v1/nothing", status=404) == {"message": "not found: /v1/nothing"}
    assert api.call("PUT", "/v1/projects", status=405) == {"message": "method not allowed"}
    assert api.call("GET", "/v1/projects/prj-x", status=404) == {"message": "not found: prj-x"}
    assert bad.status_code == 400
    assert bad.json()["message"].startswith("invalid JSON")


def test_pages_go_on_with_the_last_cursor(api: Api) -> None:
    """Following the last item's cursor gives everything once, also when that item is deleted meanwhile."""
    for number in range(5):
        api.call("POST", "/v1/projects", project(f"p{number}"), status=201)
    first = api.call("GET", "/v1/projects?limit=2", status=200)
    api.call("DELETE", f"/v1/projects/{first[1]['project']['id']}", status=204)

    second = api.call("GET", f"/v1/projects?limit=2&cursor={first[1]['cursor']}")
    third = api.call("GET", f"/v1/projects?limit=2&cursor={second[1]['cursor']}")

    assert [item["project"]["name"] for item in first + second + third] == ["p0", "p1", "p2", "p3", "p4"]
    assert {len(item["cursor"]) for item in first} == {32}
    assert api.raw("GET", "/v1/projects?cursor=nonsense").status_code == 400
    assert api.raw("GET", "/v1/projects?limit=0").status_code == 400
    assert api.raw("GET", "/v1/projects?limit=101").status_code == 400


def test_filters_take_several_values(api: Api) -> None:
    """A filter given twice or with commas matches any of its values."""
    for name in ("a", "b", "c"):
        api.call("POST", "/v1/projects", project(name), status=201)

    commas = api.call("GET", "/v1/projects?name=a,c")
    twice = api.call("GET", "/v1/projects?name=a&name=b")

    assert [item["project"]["name"] for item in commas] == ["a", "c"]
    assert [item["project"]["name"] for item in twice] == ["a", "b"]


def test_every_reply_tells_the_rate_limit(api: Api) -> None:
    """Three headers on each reply; with Render's own limits the twenty-first create is a 429."""
    generous = api.raw("GET", "/v1/owners")
    limits = api.call("PUT", "/_local/limits", {"creates_per_hour": 2}, status=200)
    replies = [api.raw("POST", "/v1/services", web(f"w{number}")) for number in range(3)]
    api.call("DELETE", "/_local/limits", status=200)

    assert int(generous.headers["Ratelimit-Remaining"]) == int(generous.headers["Ratelimit-Limit"]) - 1
    assert limits["creates_per_hour"] == 2
    assert [reply.status_code for reply in replies] == [201, 201, 429]
    assert [reply.headers["Ratelimit-Remaining"] for reply in replies] == ["1", "0", "0"]
    assert 0 < int(replies[2].headers["Ratelimit-Reset"]) <= 3600
    assert replies[2].json() == {"error": "rate limit exceeded"}
    assert api.raw("POST", "/v1/services", web("w3")).status_code == 201


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        ({"kind": "status", "status": 503, "message": "down"}, 503, {"message": "down"}),
        ({"kind": "rate_limit", "seconds": 2}, 429, {"error": "rate limit exceeded"}),
    ],
)
def test_a_call_fails_on_demand(api: Api, fault: dict[str, object], status: int, body: dict[str, str]) -> None:
    """The named call fails once without taking effect, others and later ones do not."""
    api.call("POST", "/_local/faults", {"method": "POST", "path": "/v1/proj*", **fault}, status=201)

    reads = api.raw("GET", "/v1/projects")
    failed = api.raw("POST", "/v1/projects", project("p"))
    listed = api.call("GET", "/v1/projects")
    again = api.raw("POST", "/v1/projects", project("p"))

    assert (reads.status_code, failed.status_code, again.status_code) == (200, status, 201)
    assert failed.json() == body
    assert listed == []


def test_a_dropped_call_took_effect(api: Api) -> None:
    """`drop_after` carries the call out and closes the connection without a byte."""
    api.call("POST", "/_local/faults", {"method": "POST", "path": "/v1/projects", "kind": "drop_after"}, status=201)

    with pytest.raises(requests.ConnectionError):
        api.raw("POST", "/v1/projects", project("lost"))

    assert [item["project"]["name"] for item in api.call("GET", "/v1/projects")] == ["lost"]


def test_a_delay_delays(api: Api) -> None:
    """A delayed call is slow and then succeeds; clearing takes faults away that did not happen yet."""
    api.call(
        "POST", "/_local/faults", {"path": "/v1/owners", "kind": "delay", "seconds": 0.2, "times": 2}, status=201
    )

    began = time.monotonic()
    api.call("GET", "/v1/owners", status=200)
    took = time.monotonic() - began
    left = api.call("GET", "/_local/faults")
    api.call("DELETE", "/_local/faults", status=204)

    assert took >= 0.2
    assert [item["times"] for item in left] == [1]
    assert api.call("GET", "/_local/faults") == []


def test_a_bad_fault_is_refused(api: Api) -> None:
    """An unknown kind or field, and what could never match, is a 400."""
    assert api.raw("POST", "/_local/faults", {"path": "/v1/*", "kind": "explode"}).status_code == 400
    assert api.raw("POST", "/_local/faults", {"path": "v1/*", "kind": "delay"}).status_code == 400
    assert api.raw("POST", "/_local/faults", {"method": "post", "kind": "delay"}).status_code == 400
    assert api.raw("POST", "/_local/faults", {"path": "/v1/*", "kind": "delay", "x": 1}).status_code == 400


def test_a_restart_brings_live_services_back(tmp_path: Path) -> None:
    """Databases, stores and live deploys come back from the snapshot, not from what was edited since."""
    with serving(tmp_path) as api:
        body = web(envVars=[{"key": "A", "value": "deployed"}])
        made = api.call("POST", "/v1/services", body, status=201)
        service, deploy = made["service"]["id"], made["deployId"]
        api.settled(service, deploy)
        api.call("PUT", f"/v1/services/{service}/env-vars", [{"key": "A", "value": "edited"}], status=200)
        database = {"name": "db", "ownerId": OWNER, "plan": "free", "version": "16"}
        key = api.call("POST", "/v1/postgres", database, status=201)["id"]
        before = api.call("GET", f"/v1/services/{service}")

    runtime = FakeRuntime(tmp_path)
    with serving(tmp_path, runtime) as api:
        after = api.call("GET", f"/v1/services/{service}")

    assert after == before
    assert [call[0] for call in runtime.called("create_postgres")] == [key]
    [(_, (group, _, env, _))] = runtime.called("start_instances")
    assert (group, env["A"]) == (deploy, "deployed")
    assert runtime.running == {service: deploy}


def test_an_interrupted_deploy_is_carried_out_again(tmp_path: Path) -> None:
    """A deploy that runs when the daemon ends runs again, under its id, when it is back."""
    with serving(tmp_path) as api:
        api.runtime.held["build"] = threading.Event()
        made = api.call("POST", "/v1/services", branch_web(), status=201)
        eventually(lambda: api.runtime.called("build"))

    with serving(tmp_path) as api:
        deploy = api.settled(made["service"]["id"], made["deployId"])

    assert (deploy["status"], deploy["commit"]["id"]) == ("live", HEAD)


def test_what_was_answered_is_on_disk(api: Api, tmp_path: Path) -> None:
    """A create that was answered is in the file already, readable by its owner alone: a kill loses nothing."""
    made = api.call("POST", "/v1/projects", project("kept"), status=201)

    with sqlite3.connect(tmp_path / "api.sqlite") as database:
        rows = database.execute("SELECT id FROM records WHERE kind = 'project'").fetchall()

    assert rows == [(made["id"],)]
    assert (tmp_path / "api.sqlite").stat().st_mode & 0o077 == 0
