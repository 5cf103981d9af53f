"""Environments, env groups, links, domains and the project."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.driver import Driver
from tests.support.fake_render import FakeRender


def test_an_environment_that_holds_something_is_not_deleted(provider: Driver, render: FakeRender) -> None:
    """Render deletes databases with their environment, irreversibly: we name them instead."""
    made = provider.create("Environment", projectId="prj-1", name="staging")
    thing = render.things["environments"][made.id]
    thing |= {"databasesIds": ["dpg-1"], "serviceIds": ["srv-1"], "redisIds": None, "envGroupIds": []}

    with pytest.raises(Exception, match=r"everything in it: service srv-1, database dpg-1\n\nhint: delete or move"):
        provider.delete("Environment", made)

    assert made.id in render.things["environments"]


def test_an_environment_without_isolation_says_nothing_about_it(provider: Driver, render: FakeRender) -> None:
    """Older answers leave networkIsolationEnabled out; absent is false."""
    inputs: dict[str, Any] = {"projectId": "prj-1", "name": "staging", "networkIsolationEnabled": False}
    made = provider.create("Environment", **inputs)
    render.things["environments"][made.id].pop("networkIsolationEnabled")

    refreshed = provider.refresh("Environment", made)

    assert refreshed is not None
    assert provider.diff("Environment", refreshed, **inputs).changes is False


def test_an_environment_in_another_project_is_made_before_the_old_one_goes(provider: Driver) -> None:
    """What is inside moves; deleting first would have to delete it."""
    made = provider.create("Environment", projectId="prj-1", name="staging")

    found = provider.diff("Environment", made, projectId="prj-2", name="staging")

    assert (found.replaces, found.delete_before_replace) == (["projectId"], False)


def test_a_link_is_one_edge(provider: Driver, render: FakeRender) -> None:
    """A resource that owns all links detaches other people's (issues 43 and 89 of the Terraform provider)."""
    group = provider.create("EnvGroup", logical="g", name="shared", envVars={"A": "1"})
    render.things["env-groups"][group.id]["serviceLinks"] = [{"id": "srv-other"}]
    render.asked.clear()

    link = provider.create("EnvGroupLink", envGroupId=group.id, serviceId="srv-1")
    links = [item["id"] for item in render.things["env-groups"][group.id]["serviceLinks"]]
    provider.delete("EnvGroupLink", link)

    assert link.id == f"{group.id}/srv-1"
    assert links == ["srv-other", "srv-1"]
    assert render.things["env-groups"][group.id]["serviceLinks"] == [{"id": "srv-other"}]


def test_a_link_that_is_there_already_is_kept(provider: Driver, render: FakeRender) -> None:
    """Whatever Render says to linking twice, the edge exists."""
    group = provider.create("EnvGroup", logical="g", name="shared")
    render.things["env-groups"][group.id]["serviceLinks"] = [{"id": "srv-1"}]
    render.refuse = {f"POST /env-groups/{group.id}/services/srv-1": (409, {"message": "already linked"})}

    assert provider.create("EnvGroupLink", envGroupId=group.id, serviceId="srv-1").id == f"{group.id}/srv-1"


def test_a_link_cut_elsewhere_is_gone_after_a_refresh(provider: Driver, render: FakeRender) -> None:
    """The next `up` links again; a group that is gone takes its links along."""
    group = provider.create("EnvGroup", logical="g", name="shared")
    link = provider.create("EnvGroupLink", envGroupId=group.id, serviceId="srv-1")

    render.things["env-groups"][group.id]["serviceLinks"] = []
    cut = provider.refresh("EnvGroupLink", link)
    del render.things["env-groups"][group.id]
    gone = provider.refresh("EnvGroupLink", link)

    assert (cut, gone) == (None, None)
    provider.delete("EnvGroupLink", link)


def test_a_groups_own_keys_are_set_one_by_one(provider: Driver, render: FakeRender) -> None:
    """Keys that others added stay, ours that are no longer declared go; the revision changes."""
    made = provider.create("EnvGroup", name="shared", envVars={"A": "1", "B": "2"})
    render.things["env-groups"][made.id]["envVars"].append({"key": "X", "value": "9"})
    render.asked.clear()

    changed = provider.update("EnvGroup", made, name="shared", envVars={"A": "3"})

    path = f"/env-groups/{made.id}/env-vars"
    assert render.writes() == [("PUT", f"{path}/A", {"value": "3"}), ("DELETE", f"{path}/B", None)]
    assert changed.outputs["revision"] != made.outputs["revision"]


def test_a_registry_credential_is_updated_as_a_whole(provider: Driver, render: FakeRender) -> None:
    """Render wants all four fields in each PATCH."""
    whole: dict[str, Any] = {"name": "ecr", "registry": "AWS_ECR", "username": "AKIA", "authToken": "one"}
    made = provider.create("RegistryCredential", **whole)
    render.asked.clear()

    provider.update("RegistryCredential", made, **{**whole, "authToken": "two"})

    assert render.writes() == [("PATCH", f"/registrycredentials/{made.id}", {**whole, "authToken": "two"})]


def test_a_registry_credential_deleted_elsewhere_leaves_the_state(provider: Driver, render: FakeRender) -> None:
    """The Terraform provider keeps it with an empty id."""
    made = provider.create("RegistryCredential", name="e", registry="DOCKER", username="u", authToken="t")
    render.things["registrycredentials"].clear()

    assert provider.refresh("RegistryCredential", made) is None


def invoke(provider: Driver, name: str) -> dict[str, object]:
    found, failures = provider.provider.invoke("render:index:getProject", {"name": name})
    assert failures == []
    return found


def test_a_project_is_found_by_name(provider: Driver, render: FakeRender) -> None:
    """Environments are resources of their own, so the project is only looked up (issue 48)."""
    render.things["projects"]["prj-1"] = {"id": "prj-1", "name": "cams", "environmentIds": None}

    assert invoke(provider, "cams") == {"id": "prj-1", "name": "cams", "environmentIds": []}


def test_a_missing_project_says_how_to_make_it(provider: Driver) -> None:
    """Bootstrap makes what exists once."""
    with pytest.raises(Exception, match=r"no project named cams in tea-1\n\nhint: ./slipway bootstrap"):
        invoke(provider, "cams")
