"""A maintenance page that a program names, and whose showing it leaves to others."""

from __future__ import annotations

from typing import Any

import pytest

from render_provider.provider.probe import Answer
from tests.support.driver import Driver
from tests.support.fake_render import FakeRender
from tests.unit.render_provider.gated import NEW, WORKERS, gated, in_turn
from tests.unit.render_provider.test_services import WEB

PAGE: dict[str, Any] = {"maintenanceMode": {"uri": "https://page.example.org"}}


def details(render: FakeRender, key: str) -> dict[str, Any]:
    """What Render has of a service."""
    kept: dict[str, Any] = render.things["services"][key]["serviceDetails"]
    return kept


def test_a_page_is_named_and_not_shown(provider: Driver, render: FakeRender) -> None:
    """Render wants to be told of both in one."""
    made = provider.create("WebService", **WEB, **PAGE)

    assert details(render, made.id)["maintenanceMode"] == {"enabled": False, "uri": "https://page.example.org"}


def test_a_page_that_is_shown_is_no_drift(provider: Driver, render: FakeRender) -> None:
    """Somebody has put it up: neither a refresh nor a preview takes it away."""
    made = provider.create("WebService", **WEB, **PAGE)
    details(render, made.id)["maintenanceMode"]["enabled"] = True

    refreshed = provider.refresh("WebService", made)

    assert refreshed is not None
    assert refreshed.inputs == {**WEB, **PAGE}
    assert provider.diff("WebService", refreshed, **WEB, **PAGE).changes is False


def test_a_change_of_the_page_leaves_it_shown(provider: Driver, render: FakeRender) -> None:
    """And so does one of anything else."""
    made = provider.create("WebService", **WEB, **PAGE)
    details(render, made.id)["maintenanceMode"]["enabled"] = True
    other: dict[str, Any] = {"maintenanceMode": {"uri": "https://other.example.org"}}

    provider.update("WebService", made, **{**WEB, "plan": "standard"}, **other)

    assert details(render, made.id)["maintenanceMode"] == {"enabled": True, "uri": "https://other.example.org"}


def test_a_page_that_somebody_has_moved_is_put_back(provider: Driver, render: FakeRender) -> None:
    """Its address is the program's."""
    made = provider.create("WebService", **WEB, **PAGE)
    details(render, made.id)["maintenanceMode"] = {"enabled": True, "uri": ""}

    refreshed = provider.refresh("WebService", made)
    assert refreshed is not None
    assert provider.diff("WebService", refreshed, **WEB, **PAGE).diffs == ["maintenanceMode"]
    provider.update("WebService", refreshed, **WEB, **PAGE)

    assert details(render, made.id)["maintenanceMode"] == {"enabled": True, "uri": "https://page.example.org"}


def test_a_program_may_say_both(provider: Driver, render: FakeRender) -> None:
    """One that shows the page itself is held to it."""
    shown: dict[str, Any] = {"maintenanceMode": {"enabled": True, "uri": "https://page.example.org"}}
    made = provider.create("WebService", **WEB, **shown)
    details(render, made.id)["maintenanceMode"]["enabled"] = False

    refreshed = provider.refresh("WebService", made)

    assert refreshed is not None
    assert provider.diff("WebService", refreshed, **WEB, **shown).diffs == ["maintenanceMode"]


@pytest.mark.parametrize("is_shown", [True, False], ids=["shown", "not shown"])
def test_no_worker_is_asked_for_through_a_page_that_is_shown(
    provider: Driver, render: FakeRender, monkeypatch: pytest.MonkeyPatch, *, is_shown: bool
) -> None:
    """The page answers where the application would: that is said, and not held against the release."""
    web, worker = gated(provider, monkeypatch), gated(provider, monkeypatch, "BackgroundWorker")
    shown = {"enabled": is_shown, "uri": "https://page.example.org"}
    details(render, web.service.id)["maintenanceMode"] = shown
    answers = Answer(503, "closed for now") if is_shown else NEW

    made = worker.passes(in_turn(answers), gate={"workersUrl": WORKERS, "watchesToo": web.service.id})

    assert made.outputs["status"] == "live"
    assert worker.asked == ([] if is_shown else [f"{WORKERS}?version=sha256:two"])
    said = [text for kind, text in provider.said if kind == "warning" and "in maintenance mode" in text]
    assert len(said) == is_shown


def test_a_page_does_not_excuse_a_worker_that_crashes(provider: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own instances are watched as ever."""
    web, worker = gated(provider, monkeypatch), gated(provider, monkeypatch, "BackgroundWorker")
    details(provider.render, web.service.id)["maintenanceMode"] = {"enabled": True, "uri": ""}
    worker.died(nonZeroExit=1)

    gate = {"workersUrl": WORKERS, "watchesToo": web.service.id, "watchSeconds": 5}

    assert "exit code 1, once" in worker.refused(gate=gate)
