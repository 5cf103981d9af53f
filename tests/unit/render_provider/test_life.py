"""Every resource, from its first preview to its end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.driver import Driver
from tests.support.fake_render import FakeRender

SERVICE: dict[str, Any] = {
    "image": {"imagePath": "nginx"},
    "region": "frankfurt",
    "plan": "starter",
    "environmentId": "evm-1",
    "envVars": {"A": "1", "B": "2"},
}
LIVES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "Environment": ({"projectId": "prj-1", "name": "staging"}, {"protectedStatus": "protected"}),
    "Postgres": (
        {"name": "db", "plan": "basic_256mb", "version": "16", "databaseName": "cams", "ipAllowList": []},
        {"plan": "pro_4gb", "enableHighAvailability": True, "ipAllowList": [{"cidrBlock": "1.1.1.1/32"}]},
    ),
    "KeyValue": ({"name": "kv", "plan": "starter", "ipAllowList": []}, {"plan": "standard"}),
    "EnvGroup": ({"name": "shared", "envVars": {"A": "1"}}, {"envVars": {"A": "2"}}),
    "RegistryCredential": (
        {"name": "ecr", "registry": "AWS_ECR", "username": "AKIA", "authToken": "s3cret"},
        {"authToken": "rotated"},
    ),
    "WebService": (
        {"name": "web", **SERVICE, "healthCheckPath": "/health/", "preDeployCommand": "migrate", "numInstances": 2},
        {"numInstances": 3, "preDeployCommand": "python migrate", "envVars": {"A": "1", "C": "3"}},
    ),
    "BackgroundWorker": ({"name": "work", **SERVICE, "dockerCommand": "run"}, {"dockerCommand": "run more"}),
    "CronJob": ({"name": "cron", **SERVICE, "schedule": "0 3 * * *"}, {"schedule": "5 3 * * *"}),
    "StaticSite": (
        {
            "name": "site",
            "repo": "https://github.com/o/r",
            "branch": "main",
            "buildCommand": "make",
            "publishPath": "dist",
            "routes": [
                {"type": "rewrite", "source": "/a", "destination": "/b"},
                {"type": "redirect", "source": "/c", "destination": "/d"},
            ],
            "headers": [{"path": "/*", "name": "X", "value": "1"}],
        },
        {"routes": [], "publishPath": "out"},
    ),
}
ALL = [pytest.param(kind, *LIVES[kind], id=kind) for kind in LIVES]


@pytest.mark.parametrize(("kind", "first", "change"), ALL)
def test_what_was_made_shows_no_difference(
    provider: Driver, kind: str, first: dict[str, Any], change: dict[str, Any]
) -> None:
    """The preview after an `up`, and the one after a refresh, are empty."""
    made = provider.create(kind, **first)
    refreshed = provider.refresh(kind, made)

    assert refreshed is not None
    assert refreshed.inputs == first
    assert provider.diff(kind, made, **first).changes is False
    assert provider.diff(kind, refreshed, **first).changes is False
    assert refreshed.outputs == made.outputs


@pytest.mark.parametrize(("kind", "first", "change"), ALL)
def test_what_was_imported_shows_no_difference(
    provider: Driver, render: FakeRender, kind: str, first: dict[str, Any], change: dict[str, Any]
) -> None:
    """`pulumi import` by plain id gives inputs that fit the program; only what Render never tells is missing."""
    made = provider.create(kind, **first)

    imported = provider.adopt(kind, made.id)

    assert imported is not None
    missing = {"authToken"} if kind == "RegistryCredential" else set()
    found = provider.diff(kind, imported, **first)
    assert set(found.diffs) == missing


@pytest.mark.parametrize(("kind", "first", "change"), ALL)
def test_a_change_is_made_in_place_and_then_is_no_change(
    provider: Driver, kind: str, first: dict[str, Any], change: dict[str, Any]
) -> None:
    """Nothing here is replaced, and the second update has nothing to send."""
    made = provider.create(kind, **first)
    wanted = {**first, **change}

    found = provider.diff(kind, made, **wanted)
    changed = provider.update(kind, made, **wanted)
    provider.render.asked.clear()
    provider.update(kind, changed, **wanted)

    assert set(found.diffs) == set(change)
    assert found.replaces == []
    assert provider.diff(kind, changed, **wanted).changes is False
    assert provider.render.writes() == []


@pytest.mark.parametrize(("kind", "first", "change"), ALL)
def test_it_is_gone_after_a_delete_and_deleting_again_succeeds(
    provider: Driver, monkeypatch: pytest.MonkeyPatch, kind: str, first: dict[str, Any], change: dict[str, Any]
) -> None:
    """A destroy that was interrupted can be run again; a refresh forgets what is gone, data once given up."""
    monkeypatch.setenv("RENDER_RECREATE", f"other,{first['name']}")
    made = provider.create(kind, **first)

    provider.delete(kind, made)
    provider.delete(kind, made)

    assert provider.refresh(kind, made) is None


@pytest.mark.parametrize(("kind", "first", "change"), ALL)
def test_a_create_whose_answer_is_lost_makes_one_thing(
    provider: Driver, render: FakeRender, kind: str, first: dict[str, Any], change: dict[str, Any]
) -> None:
    """The create was carried out and the reply dropped: it is found by name and kept, not made twice."""
    path = {"KeyValue": "key-value", "EnvGroup": "env-groups", "RegistryCredential": "registrycredentials"}
    folder = path.get(kind, {"Environment": "environments", "Postgres": "postgres"}.get(kind, "services"))
    render.lose = [f"POST /{folder}"]

    made = provider.create(kind, **first)

    assert list(render.things[folder]) == [made.id]
    assert [method for method, path, _ in render.asked if (method, path) == ("POST", f"/{folder}")] == ["POST"]
    assert ("info", f"exists already as {made.id}: keeping it") in provider.said


def test_a_create_that_never_arrived_is_sent_again(provider: Driver, render: FakeRender) -> None:
    """Looking finds nothing, three times: then sending again makes one thing."""
    render.miss = ["POST /key-value"]

    made = provider.create("KeyValue", name="kv", plan="starter")

    assert list(render.things["key-value"]) == [made.id]
    assert provider.clock.time == 6.5


@pytest.mark.parametrize(("kind", "first", "change"), ALL)
def test_a_create_repeated_after_a_kill_keeps_what_is_there(
    render: FakeRender, kind: str, first: dict[str, Any], change: dict[str, Any]
) -> None:
    """The engine died before it could store the id; the next run finds the thing and brings it up to date."""
    before = Driver(render).create(kind, **first)
    again = Driver(render)

    made = again.create(kind, **{**first, **change})
    refreshed = again.refresh(kind, made)

    assert made.id == before.id
    assert refreshed is not None
    assert refreshed.inputs == {**first, **change}


@pytest.mark.parametrize(("kind", "first", "change"), ALL)
def test_secrets_are_marked_wherever_they_appear(
    provider: Driver, kind: str, first: dict[str, Any], change: dict[str, Any]
) -> None:
    """Variables, tokens, passwords and connection strings are never in the state in clear."""
    marked = {
        "envVars",
        "secretFiles",
        "authToken",
        "password",
        "internalConnectionString",
        "externalConnectionString",
        "revision",
    }

    made = provider.create(kind, **first)
    imported = provider.adopt(kind, made.id)

    assert imported is not None
    assert made.secrets == marked & made.outputs.keys()
    assert imported.secrets == marked & (imported.outputs.keys() | imported.inputs.keys())


@pytest.mark.parametrize(("kind", "first", "change"), ALL)
def test_a_preview_sends_nothing(provider: Driver, kind: str, first: dict[str, Any], change: dict[str, Any]) -> None:
    """Neither for a create nor for an update."""
    made = provider.create(kind, **first)
    provider.render.asked.clear()

    provider.preview(kind, **first)
    provider.update(kind, made, preview=True, **{**first, **change})

    assert provider.render.asked == []
