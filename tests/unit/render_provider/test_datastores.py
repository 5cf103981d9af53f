"""Postgres and key-value stores."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from pulumi_plugin.plugin import HalfDoneError
from tests.support.driver import Driver
from tests.support.fake_render import FakeRender

DB: dict[str, Any] = {"name": "db", "plan": "basic_256mb", "version": "16", "environmentId": "evm-1"}


def test_the_real_database_name_is_an_output_and_no_difference(provider: Driver) -> None:
    """Render appends a suffix to databaseName (issue 52 of its Terraform provider)."""
    made = provider.create("Postgres", **DB, databaseName="cams")

    refreshed = provider.refresh("Postgres", made)

    assert refreshed is not None
    assert made.outputs["databaseName"] == "cams_x1y2"
    assert refreshed.inputs["databaseName"] == "cams"
    assert provider.diff("Postgres", made, **DB, databaseName="cams").changes is False
    assert provider.diff("Postgres", made, **DB, databaseName="other").replaces == ["databaseName"]


def test_the_connection_is_told_in_parts(provider: Driver) -> None:
    """Render gives only strings; programs want host, port and user."""
    made = provider.create("Postgres", **DB)

    parts = {name: made.outputs[name] for name in ("host", "port", "user", "internalConnectionString", "password")}
    assert parts == {
        "host": made.id,
        "port": 5432,
        "user": "u",
        "internalConnectionString": f"postgresql://u:pw@{made.id}/db",
        "password": "pw",
    }


@pytest.mark.parametrize("name", ["region", "version", "databaseName", "databaseUser"])
def test_what_render_cannot_change_is_a_replacement(provider: Driver, name: str) -> None:
    """The preview shows the loss of the database before it happens."""
    inputs = {**DB, "region": "oregon", "databaseName": "a", "databaseUser": "a"}
    made = provider.create("Postgres", **inputs)

    changed = {"region": "ohio", "version": "18", "databaseName": "b", "databaseUser": "b"}[name]
    found = provider.diff("Postgres", made, **{**inputs, name: changed})

    assert (found.replaces, found.delete_before_replace) == ([name], True)


def test_a_database_is_waited_for_and_the_wait_is_shown(provider: Driver, render: FakeRender) -> None:
    """`unknown`, then `creating`, then `available`: each is told once."""
    made = provider.create("Postgres", **DB)
    thing = render.things["postgres"][made.id]
    thing["status"] = "unknown"
    provider.clock.jumps = [lambda: thing.update(status="creating"), lambda: thing.update(status="available")]

    changed = provider.update("Postgres", made, **{**DB, "plan": "basic_1gb"})

    assert changed.outputs["status"] == "available"
    assert [text for level, text in provider.said if level == "status"] == ["database: unknown", "database: creating"]


def test_a_wait_looks_often_at_first_and_leaves_room_for_others(provider: Driver, render: FakeRender) -> None:
    """Several things are waited for at once, and Render answers 400 GETs a minute."""
    made = provider.create("Postgres", **DB)
    thing = render.things["postgres"][made.id]
    thing["status"] = "creating"
    times: list[float] = []

    def look() -> None:
        times.append(provider.clock.time)
        if provider.clock.time > 60:
            thing["status"] = "available"

    provider.clock.jumps = [look] * 100

    provider.update("Postgres", made, **{**DB, "plan": "basic_1gb"})

    assert times[0] == pytest.approx(0.1)
    assert all(later <= max(0.101 + before, 1.201 * before) for before, later in itertools.pairwise(times))
    assert len(times) == 32


def test_a_database_that_does_not_come_up_is_kept_with_its_error(provider: Driver, render: FakeRender) -> None:
    """After the time limit the resource is in the state, and the next `up` goes on waiting."""
    answer = render.create

    def slow(kind: str, body: Any) -> Any:
        status, thing = answer(kind, body)
        thing["status"] = "creating"
        return status, thing

    render.create = slow  # type: ignore[method-assign] # this Render never gets ready

    with pytest.raises(HalfDoneError, match="database: still creating after 20 min\n\nhint: run `pulumi up` again"):
        provider.create("Postgres", **DB)


def test_a_lost_recovery_ends_the_wait(provider: Driver, render: FakeRender) -> None:
    """A state that never ends well is not waited for."""
    made = provider.create("Postgres", **DB)
    render.things["postgres"][made.id]["status"] = "recovery_failed"

    with pytest.raises(Exception, match="database db: its status is recovery_failed"):
        provider.update("Postgres", made, **DB)


def test_a_suspended_database_is_a_warning(provider: Driver, render: FakeRender) -> None:
    """It cannot become available by waiting, and it is nobody's failure."""
    made = provider.create("Postgres", **DB)
    render.things["postgres"][made.id]["status"] = "suspended"

    provider.update("Postgres", made, **DB)

    assert [level for level, _ in provider.said] == ["warning"]


def test_an_empty_allow_list_is_private_and_comes_back_as_null(provider: Driver, render: FakeRender) -> None:
    """[] is sent, null is read, and they are the same."""
    made = provider.create("Postgres", **DB, ipAllowList=[])

    refreshed = provider.refresh("Postgres", made)

    assert render.writes()[0][2]["ipAllowList"] == []
    assert render.things["postgres"][made.id]["ipAllowList"] is None
    assert refreshed is not None
    assert refreshed.inputs["ipAllowList"] == []


def test_an_allow_list_is_a_set(provider: Driver) -> None:
    """Another order is no difference; a description left out is an empty one."""
    made = provider.create("Postgres", **DB, ipAllowList=[{"cidrBlock": "1.1.1.1/32"}, {"cidrBlock": "2.2.2.2/32"}])

    turned = [{"cidrBlock": "2.2.2.2/32", "description": ""}, {"cidrBlock": "1.1.1.1/32"}]
    assert provider.diff("Postgres", made, **DB, ipAllowList=turned).changes is False


def test_replicas_that_the_program_does_not_mention_stay(provider: Driver, render: FakeRender) -> None:
    """A PATCH with a shorter list destroys replicas: it is only sent when the program says so."""
    made = provider.create("Postgres", **DB)
    render.things["postgres"][made.id]["readReplicas"] = [{"id": "dpg-b", "name": "replica"}]
    render.asked.clear()

    provider.update("Postgres", made, **{**DB, "plan": "basic_1gb"})

    assert render.writes() == [("PATCH", f"/postgres/{made.id}", {"plan": "basic_1gb"})]


def test_parameters_no_longer_declared_are_cleared(provider: Driver, render: FakeRender) -> None:
    """Overrides go back to Render's own."""
    made = provider.create("Postgres", **DB, parameterOverrides={"work_mem": "8MB"})
    render.asked.clear()

    found = provider.diff("Postgres", made, **DB)
    provider.update("Postgres", made, **DB)

    assert found.diffs == ["parameterOverrides"]
    assert render.writes() == [("PATCH", f"/postgres/{made.id}", {"parameterOverrides": {}})]


@pytest.mark.parametrize(
    ("change", "failures"),
    [
        (
            {"plan": "standard"},
            {"plan": "standard is a legacy plan, which Render no longer gives to databases; try basic_256mb"},
        ),
        ({"diskSizeGB": 22}, {"diskSizeGB": "must be 1 or a multiple of 5, got 22"}),
        ({"diskSizeGB": 5}, {"diskSizeGB": "a disk only grows: it has 15 GB, got 5"}),
        (
            {"enableHighAvailability": True},
            {"enableHighAvailability": "needs a pro or accelerated plan, got basic_256mb"},
        ),
        ({"databaseName": "no-good"}, {"databaseName": "String should match pattern '^[a-z_][a-z_0-9]*$'"}),
        ({"version": "sixteen"}, {"version": r"String should match pattern '^\d\d$'"}),
    ],
)
def test_what_render_would_refuse_is_refused_in_the_preview(
    provider: Driver, change: dict[str, Any], failures: dict[str, Any]
) -> None:
    """Before anything is half made."""
    assert provider.check("Postgres", {**DB, **change}, {**DB, "diskSizeGB": 15}) == failures


def test_a_free_database_is_a_warning(provider: Driver) -> None:
    """It is deleted after 30 days: one should know."""
    assert provider.check("Postgres", {**DB, "plan": "free"}) == {}
    assert "deletes it 30 days after" in provider.said[0][1]


def test_a_legacy_plan_that_is_there_stays(provider: Driver) -> None:
    """An imported old database keeps working."""
    assert provider.check("Postgres", {**DB, "plan": "standard"}, {**DB, "plan": "standard"}) == {}


def test_a_replica_is_not_taken_for_the_database(provider: Driver, render: FakeRender) -> None:
    """Replicas may carry any name."""
    render.things["postgres"]["dpg-b"] = {"id": "dpg-b", "name": "db", "role": "replica", "environmentId": "evm-1"}

    assert provider.create("Postgres", **DB).id != "dpg-b"


def test_an_upgrade_of_the_key_value_store_sends_only_what_changed(provider: Driver, render: FakeRender) -> None:
    """One PATCH, one field."""
    made = provider.create("KeyValue", name="kv", plan="starter", maxmemoryPolicy="noeviction")
    render.asked.clear()

    provider.update("KeyValue", made, name="kv", plan="pro", maxmemoryPolicy="noeviction")

    assert render.writes() == [("PATCH", f"/key-value/{made.id}", {"plan": "pro"})]
    assert made.outputs["port"] == 6379
