"""The Render provider against the local Render; long because all resources are walked in one started pair."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import requests
from pulumi.runtime.proto import provider_pb2

from tests.support.local_render import LocalRender
from tests.support.provider_process import HalfDone, Plugin, Refused, Thing, plugin, struct, urn
from tests.support.waiting import eventually

REPO = "https://github.com/example/cams"
SERVER = """
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        said = [os.environ.get(name, "") for name in ("A", "SHARED", "RENDER_GIT_COMMIT")]
        self.wfile.write(" ".join(said).encode())
http.server.HTTPServer(("0.0.0.0", int(os.environ["PORT"])), Handler).serve_forever()
"""
WEB: dict[str, Any] = {
    "name": "web",
    "repo": REPO,
    "branch": "main",
    "runtime": "python",
    "buildCommand": "true",
    "startCommand": "exec python server.py",
    "plan": "starter",
    "region": "frankfurt",
    "autoDeployTrigger": "off",
}
HOLDS_DATA = {"Environment", "Postgres", "KeyValue"}


@pytest.fixture(scope="module")
def render(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalRender]:
    root: Path = tmp_path_factory.mktemp("slipway")
    local = LocalRender(root)
    local.push("main", {"server.py": SERVER, "dist/index.html": "hello"})
    yield local
    local.stop()


@pytest.fixture(scope="module")
def project(render: LocalRender) -> str:
    made = render.api("POST", "/projects", {"name": "cams", "ownerId": render.owner, "environments": []})
    return str(made["id"])


@pytest.fixture(scope="module")
def provider(render: LocalRender) -> Iterator[Plugin]:
    with plugin(render.environment) as started:
        yield started


@pytest.fixture
def environment(provider: Plugin, project: str) -> Iterator[Thing]:
    made = provider.create("Environment", projectId=project, name="staging")
    yield made
    provider.delete(made)


def walk(provider: Plugin, kind: str, first: dict[str, Any], change: dict[str, Any]) -> Thing:
    """Create, refresh, import and update: no difference but the one that was asked for."""
    made = provider.create(kind, **first)
    refreshed, imported = provider.read(kind, made.id, made), provider.read(kind, made.id)
    assert refreshed is not None
    assert imported is not None
    assert (refreshed.inputs, refreshed.outputs) == (made.inputs, made.outputs)
    assert list(provider.diff(refreshed, **first).diffs) == []
    assert set(provider.diff(imported, **first).diffs) <= {"authToken"}

    found = provider.diff(made, **{**first, **change})
    assert (set(found.diffs), list(found.replaces)) == (set(change), [])
    changed = provider.update(made, **{**first, **change})
    after = provider.read(kind, made.id, changed)
    assert after is not None
    assert after.inputs == changed.inputs
    assert list(provider.diff(after, **{**first, **change}).diffs) == []
    return after


def end(provider: Plugin, thing: Thing) -> None:
    """Delete twice; then it is gone."""
    provider.delete(thing)
    provider.delete(thing)
    if thing.kind in HOLDS_DATA:
        with pytest.raises(Refused, match=rf"\({thing.id}\) is gone at Render: somebody deleted it"):
            provider.read(thing.kind, thing.id, thing)
    else:
        assert provider.read(thing.kind, thing.id, thing) is None


def test_environment(provider: Plugin, project: str) -> None:
    """An environment, protected in place."""
    made = walk(provider, "Environment", {"projectId": project, "name": "e"}, {"protectedStatus": "protected"})
    end(provider, made)


def test_postgres(provider: Plugin, environment: Thing) -> None:
    """A database with its suffix, its connection in parts and as secrets, grown in place."""
    first = {
        "name": "db",
        "plan": "basic_256mb",
        "version": "16",
        "region": "frankfurt",
        "environmentId": environment.id,
        "databaseName": "cams",
        "databaseUser": "cams",
        "ipAllowList": [],
    }
    made = walk(provider, "Postgres", first, {"plan": "basic_1gb", "ipAllowList": [{"cidrBlock": "1.1.1.1/32"}]})

    assert made["databaseName"].startswith("cams_")
    assert made["internalConnectionString"] == (
        f"postgresql://cams:{made['password']}@{made['host']}:{made['port']:.0f}/{made['databaseName']}"
    )
    end(provider, made)


def test_key_value(provider: Plugin, environment: Thing) -> None:
    """A store, available when made."""
    first = {"name": "kv", "plan": "starter", "region": "frankfurt", "environmentId": environment.id}
    made = walk(provider, "KeyValue", first, {"plan": "standard", "maxmemoryPolicy": "noeviction"})
    assert made["status"] == "available"
    end(provider, made)


def test_env_group(provider: Plugin, render: LocalRender, environment: Thing) -> None:
    """Our keys change one by one; another's stays."""
    first = {"name": "shared", "environmentId": environment.id, "envVars": {"A": "1", "B": "2"}}
    made = walk(provider, "EnvGroup", first, {"envVars": {"A": "3", "C": "4"}})
    found = {item["key"]: item["value"] for item in render.api("GET", f"/env-groups/{made.id}")["envVars"]}
    assert found == {"A": "3", "C": "4"}
    end(provider, made)


def test_registry_credential(provider: Plugin) -> None:
    """A login whose token Render never tells."""
    first = {"name": "ecr", "registry": "AWS_ECR", "username": "AKIA", "authToken": "one"}
    end(provider, walk(provider, "RegistryCredential", first, {"authToken": "two"}))


def test_web_service_with_its_group_domain_and_deploy(
    provider: Plugin, render: LocalRender, environment: Thing
) -> None:
    """A service whose first real deploy runs with its linked group, then the next commit's."""
    where = {"environmentId": environment.id}
    service = walk(
        provider,
        "WebService",
        {**WEB, **where, "envVars": {"A": "one"}, "healthCheckPath": "/"},
        {"envVars": {"A": "two"}, "numInstances": 2, "preDeployCommand": "true"},
    )
    group = provider.create("EnvGroup", name="g", **where, envVars={"SHARED": "shared"})
    link = provider.create("EnvGroupLink", envGroupId=group.id, serviceId=service.id)
    domain = provider.create("CustomDomain", serviceId=service.id, name="cams.example.com")
    inputs = {"serviceId": service.id, "triggers": {"r": service["revision"]}, "verifyUrl": service["url"]}

    deploy = provider.create("Deploy", **inputs)
    answer = requests.get(service["url"], timeout=10).text
    commit = render.push("main", {"note": "next"})
    again = provider.update(deploy, **{**inputs, "triggers": {"commit": commit}})

    assert answer == f"two shared {deploy['commit']}"
    assert (deploy["status"], again["status"]) == ("live", "live")
    assert requests.get(service["url"], timeout=10).text == f"two shared {commit}"
    assert provider.read("EnvGroupLink", link.id) is not None
    assert provider.read("CustomDomain", domain.id) is not None
    for thing in (domain, link, group, service):
        end(provider, thing)


def test_a_failed_deploy_tells_the_apps_last_words_and_the_next_one_mends_it(
    provider: Plugin, render: LocalRender, environment: Thing
) -> None:
    """The state holds the failed deploy; an update deploys again."""
    render.push("broken", {"server.py": "raise SystemExit('no module named cams')"})
    inputs = {**WEB, "name": "broken", "branch": "broken", "environmentId": environment.id}
    service = provider.create("WebService", **inputs)

    with pytest.raises(HalfDone, match="no module named cams") as caught:
        provider.create("Deploy", serviceId=service.id)
    render.push("broken", {"server.py": SERVER})
    mended = provider.update(caught.value.thing, serviceId=service.id)

    assert caught.value.thing.id == service.id
    assert mended["status"] == "live"
    end(provider, service)


def test_background_worker(provider: Plugin, environment: Thing) -> None:
    """A worker, changed in place."""
    inputs = {**WEB, "name": "worker", "startCommand": "exec sleep 1000", "environmentId": environment.id}
    end(provider, walk(provider, "BackgroundWorker", inputs, {"plan": "standard", "startCommand": "exec sleep 999"}))


def test_cron_job(provider: Plugin, environment: Thing) -> None:
    """A job, rescheduled in place."""
    inputs = {**WEB, "name": "cron", "startCommand": "true", "environmentId": environment.id, "schedule": "0 3 * * *"}
    end(provider, walk(provider, "CronJob", inputs, {"schedule": "5 4 * * *"}))


def test_static_site(provider: Plugin, environment: Thing) -> None:
    """A site with its routes and headers, in their order."""
    routes = [
        {"type": "rewrite", "source": "/api/*", "destination": "https://api.example.com/*"},
        {"type": "redirect", "source": "/old", "destination": "/new"},
    ]
    first = {
        "name": "site",
        "repo": REPO,
        "branch": "main",
        "buildCommand": "true",
        "publishPath": "dist",
        "environmentId": environment.id,
        "routes": routes,
    }
    headers = [{"path": "/*", "name": "X-Frame-Options", "value": "DENY"}]
    end(provider, walk(provider, "StaticSite", first, {"headers": headers, "routes": routes[::-1]}))


def test_get_project(provider: Plugin, project: str) -> None:
    """The project is looked up by name."""
    request = provider_pb2.InvokeRequest(tok="render:index:getProject", args=struct({"name": "cams"}))
    assert getattr(provider.stub.Invoke(request), "return")["id"] == project


def test_an_environment_that_holds_something_stays(provider: Plugin, environment: Thing) -> None:
    """Render would delete the store with it."""
    store = provider.create("KeyValue", name="in", plan="starter", environmentId=environment.id)

    with pytest.raises(Refused, match=f"would delete everything in it: key-value store {store.id}"):
        provider.delete(environment)

    provider.delete(store)


def test_a_lost_answer_makes_one_thing(provider: Plugin, render: LocalRender, environment: Thing) -> None:
    """The POST is carried out, its reply dropped: the thing is found, kept, and the user told."""
    render.fault(method="POST", path="/v1/key-value", kind="drop_after")

    made = provider.create("KeyValue", name="lost", plan="starter", environmentId=environment.id)

    assert [item["keyValue"]["id"] for item in render.api("GET", "/key-value?name=lost")] == [made.id]
    assert (False, f"exists already as {made.id}: keeping it") in provider.said
    provider.delete(made)


def test_a_rate_limit_is_waited_for_and_shown(provider: Plugin, render: LocalRender, environment: Thing) -> None:
    """The wait stays in the user's output."""
    render.fault(method="POST", path="/v1/env-groups", kind="rate_limit", seconds=1)

    made = provider.create("EnvGroup", name="limited", environmentId=environment.id)

    kept = [text for ephemeral, text in provider.said if "rate limit" in text and not ephemeral]
    assert kept[0].startswith("Render's rate limit is reached at POST /env-groups: waiting ")
    provider.delete(made)


def test_a_passing_failure_is_passed_over(provider: Plugin, render: LocalRender, environment: Thing) -> None:
    """A 503 to a read is asked again."""
    made = provider.create("EnvGroup", name="flaky", environmentId=environment.id)
    render.fault(method="GET", path="/v1/env-groups/*", kind="status", status=503)

    assert provider.read("EnvGroup", made.id, made) is not None
    provider.delete(made)


def test_a_create_repeated_by_another_run_keeps_what_is_there(
    provider: Plugin, render: LocalRender, environment: Thing
) -> None:
    """The engine was killed before it wrote its state: the next one finds the store and brings it up to date."""
    inputs = {"name": "killed", "plan": "starter", "environmentId": environment.id}
    with plugin(render.environment) as first:
        before = first.create("KeyValue", **inputs)

    made = provider.create("KeyValue", **{**inputs, "plan": "standard"})

    assert made.id == before.id
    assert render.api("GET", f"/key-value/{made.id}")["plan"] == "standard"
    provider.delete(made)


def test_a_create_that_fails_half_way_is_in_the_state_and_is_mended(
    provider: Plugin, render: LocalRender, environment: Thing
) -> None:
    """The read after the POST fails: the engine gets the id, and an update finishes the work."""
    render.fault(method="GET", path="/v1/key-value/*/connection-info", kind="status", status=500, message="boom")
    inputs = {"name": "half", "plan": "starter", "environmentId": environment.id}

    with pytest.raises(HalfDone, match="boom") as caught:
        provider.create("KeyValue", **inputs)
    mended = provider.update(caught.value.thing, **inputs)

    assert caught.value.thing.id.startswith("red-")
    assert mended["status"] == "available"
    provider.delete(mended)


def test_a_missing_branch_says_what_to_push(provider: Plugin, environment: Thing) -> None:
    """The hint is the command."""
    with pytest.raises(Refused, match=r"branch develop not found in .*\n\nhint: git push origin HEAD:develop"):
        provider.create("WebService", **{**WEB, "name": "b", "branch": "develop", "environmentId": environment.id})


def test_an_interrupt_ends_a_wait_and_says_so(render: LocalRender, project: str) -> None:
    """Ctrl-C does not sit out a rate limit; the process ends by itself."""
    with plugin(render.environment) as other:
        render.fault(method="POST", path="/v1/environments", kind="rate_limit", seconds=60)
        caught: list[BaseException] = []

        def create() -> None:
            try:
                other.create("Environment", projectId=project, name="waiting")
            except Refused as error:
                caught.append(error)

        waiting = threading.Thread(target=create)
        waiting.start()
        eventually(lambda: other.said, "it says that it waits")
        other.process.send_signal(signal.SIGINT)
        waiting.join(10)

        assert [str(error) for error in caught] == [
            "render: stopped while waiting\n\nhint: run the command again: it goes on where it stopped"
        ]
        assert other.process.wait(5) == 0


def test_no_key_is_one_clear_error() -> None:
    """Both places that may hold it are named, and no resource is touched."""
    with plugin({}) as bare, pytest.raises(Refused, match=r"^render: no API key: neither .*\n\nhint: eval "):
        bare.create("EnvGroup", name="x")


def test_what_went_wrong_is_told_by_property(provider: Plugin) -> None:
    """The engine shows each failure beside its input."""
    request = provider_pb2.CheckRequest(urn=urn("KeyValue"), news=struct({"plan": "starter", "regoin": "x"}))
    failures = provider.stub.Check(request).failures
    assert {one.property: one.reason for one in failures} == {
        "name": "Field required",
        "regoin": "Extra inputs are not permitted",
    }


def test_secrets_are_marked_on_the_wire(provider: Plugin, environment: Thing) -> None:
    """Connection strings and variables carry Pulumi's secret mark, in inputs and outputs."""
    mark = "1b47061264138c4ac30d75fd1eb44270"
    group = provider.create("EnvGroup", name="s", environmentId=environment.id, envVars={"A": "canary"})
    imported = provider.read("EnvGroup", group.id)

    assert imported is not None
    for thing in (group, imported):
        for values in (thing.inputs, thing.outputs):
            assert values.fields["envVars"].struct_value.fields["value"].struct_value["A"] == "canary"
            assert mark in str(values.fields["envVars"])
    provider.delete(group)


def test_the_schema_names_every_resource(provider: Plugin) -> None:
    """What `pulumi import` and code generators need."""
    schema = json.loads(provider.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema)

    assert len(schema["resources"]) == 12
    database = schema["resources"]["render:index:Postgres"]
    assert database["requiredInputs"] == ["name", "plan", "version"]
    assert database["inputProperties"]["diskSizeGB"] == {"type": "integer"}
    assert database["properties"]["password"] == {"type": "string", "secret": True}


def test_an_unknown_resource_is_told(provider: Plugin) -> None:
    """With the names of those that there are."""
    request = provider_pb2.CheckRequest(urn=urn("Redis"), news=struct({}))
    with pytest.raises(grpc.RpcError) as caught:
        provider.stub.Check(request)
    assert "no resource render:index:Redis; there is render:index:BackgroundWorker" in str(caught.value)
