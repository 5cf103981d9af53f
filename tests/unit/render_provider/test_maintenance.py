"""A maintenance page that a program names, and whose showing it leaves to others."""

from __future__ import annotations

from typing import Any

from tests.support.driver import Driver
from tests.support.fake_render import FakeRender
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
