"""What Render, or somebody in its dashboard, changes for good: no later `up` fails of it or undoes it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.driver import Driver, Kept
from tests.support.fake_render import FakeRender

DB: dict[str, Any] = {"name": "db", "plan": "basic_1gb", "version": "16", "databaseUser": "cams", "diskSizeGB": 15}
SERVICE: dict[str, Any] = {"name": "web", "image": {"imagePath": "nginx"}, "region": "oregon"}


@pytest.fixture(params=["without refresh", "after refresh"])
def grown(request: pytest.FixtureRequest, provider: Driver, render: FakeRender) -> Kept:
    """A database whose disk Render has grown from 15 to 20 GB, as the state knows it."""
    made = provider.create("Postgres", **DB, enableDiskAutoscaling=True)
    render.things["postgres"][made.id]["diskSizeGB"] = 20
    known = provider.refresh("Postgres", made) if request.param == "after refresh" else made
    assert known is not None
    render.asked.clear()
    return known


def sent(provider: Driver, kind: str, known: Kept, **inputs: Any) -> list[Any]:
    """What an `up` with these inputs sends to Render, after it has passed the checks."""
    assert provider.check(kind, inputs, known.inputs) == {}
    provider.update(kind, known, **inputs)
    return [body for _, _, body in provider.render.writes()]


def test_an_unchanged_size_is_a_floor(provider: Driver, grown: Kept) -> None:
    """Whatever the disk has grown to, the declaration as it was makes no change."""
    same = {**DB, "enableDiskAutoscaling": True}

    assert grown.inputs["diskSizeGB"] == 15
    assert provider.check("Postgres", same, grown.inputs) == {}
    assert provider.diff("Postgres", grown, **same).changes is False


def test_another_change_leaves_the_size_out(provider: Driver, grown: Kept) -> None:
    """Render refuses a smaller disk, also beside a new plan."""
    assert sent(provider, "Postgres", grown, **{**DB, "plan": "pro_4gb"}) == [{"plan": "pro_4gb"}]


def test_a_larger_size_than_the_grown_one_is_sent(provider: Driver, grown: Kept) -> None:
    """The disk grows to it."""
    assert sent(provider, "Postgres", grown, **{**DB, "diskSizeGB": 25}) == [{"diskSizeGB": 25}]


def test_a_raised_size_that_is_reached_already_needs_nothing_and_is_told(provider: Driver, grown: Kept) -> None:
    """15 → 20 where the disk has 20 is no change at Render; 15 → 18 was never sold."""
    provider.render.things["postgres"][grown.id]["diskSizeGB"] = 40

    assert sent(provider, "Postgres", grown, **{**DB, "diskSizeGB": 30}) == []
    assert provider.said[-1] == ("info", "the disk has 40 GB already: nothing to do for 30")


def test_a_lowered_size_is_refused(provider: Driver, grown: Kept) -> None:
    """Lowering is no floor: it asks for what cannot be."""
    failures = provider.check("Postgres", {**DB, "diskSizeGB": 10}, grown.inputs)

    assert failures == {"diskSizeGB": "a disk only grows: it has 15 GB, got 10"}


def test_a_refresh_tells_the_size_and_keeps_it_in_the_outputs(provider: Driver, render: FakeRender) -> None:
    """Who looks sees both numbers."""
    made = provider.create("Postgres", **DB)
    render.things["postgres"][made.id]["diskSizeGB"] = 20

    refreshed = provider.refresh("Postgres", made)

    assert refreshed is not None
    assert (refreshed.inputs["diskSizeGB"], refreshed.outputs["diskSizeGB"]) == (15, 20)
    assert provider.said == [("info", "diskSizeGB is 20 at Render and 15 in the program: left as it is")]


@pytest.mark.parametrize(("name", "actual"), [("version", "17"), ("databaseUser", "cams_new")])
def test_what_render_changed_for_good_is_no_replacement(
    provider: Driver, render: FakeRender, name: str, actual: str
) -> None:
    """A version upgraded there, a new default user: a refresh tells it, `up` keeps the data, and following suits."""
    made = provider.create("Postgres", **DB)
    render.things["postgres"][made.id][name] = actual

    refreshed = provider.refresh("Postgres", made)
    assert refreshed is not None
    follow = provider.diff("Postgres", refreshed, **{**DB, name: actual})
    render.asked.clear()
    followed = provider.update("Postgres", refreshed, **{**DB, name: actual})

    told = f"{name} is {actual} at Render and {DB[name]} in the program: left as it is"
    assert provider.said == [("info", told)]
    assert provider.diff("Postgres", refreshed, **DB).changes is False
    assert (follow.diffs, follow.replaces) == ([name], [])
    assert render.writes() == []
    assert provider.diff("Postgres", followed, **{**DB, name: actual}).changes is False
    assert provider.diff("Postgres", followed, **{**DB, name: "18" if name == "version" else "other"}).replaces == [
        name
    ]


@pytest.mark.parametrize(
    ("kind", "inputs", "old", "new"),
    [("Postgres", DB, "standard", "pro_4gb"), ("WebService", SERVICE, "free", "starter")],
)
def test_a_plan_without_a_way_back_stays_where_it_was_put(
    provider: Driver, render: FakeRender, kind: str, inputs: dict[str, Any], old: str, new: str
) -> None:
    """An imported old plan, upgraded in the dashboard: the unchanged declaration asks for what Render refuses."""
    folder = {"Postgres": "postgres", "WebService": "services"}[kind]
    made = provider.create(kind, **{**inputs, "plan": new})
    declared = {**inputs, "plan": old}
    thing = render.things[folder][made.id]
    (thing if kind == "Postgres" else thing["serviceDetails"])["plan"] = new
    known = Kept(made.id, declared, {**made.outputs, "plan": old}, made.secrets)

    refreshed = provider.refresh(kind, known)
    assert refreshed is not None
    render.asked.clear()

    assert refreshed.inputs["plan"] == old
    assert provider.diff(kind, refreshed, **declared).changes is False
    assert sent(provider, kind, refreshed, **declared) == []


def test_the_manual_count_is_no_drift_while_autoscaling_is_on(provider: Driver, render: FakeRender) -> None:
    """Switched on in the dashboard: Render tells a count that is out of force, and ignores ours."""
    made = provider.create("WebService", **SERVICE, numInstances=2)
    details = render.things["services"][made.id]["serviceDetails"]
    details |= {"numInstances": 5, "autoscaling": {"enabled": True, "min": 1, "max": 5}}

    refreshed = provider.refresh("WebService", made)
    assert refreshed is not None
    render.asked.clear()

    assert refreshed.inputs["numInstances"] == 2
    assert sent(provider, "WebService", refreshed, **SERVICE, numInstances=2) == []
