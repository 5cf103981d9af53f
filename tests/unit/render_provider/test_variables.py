"""A service's variables: set, kept and removed one by one."""

from __future__ import annotations

from typing import Any

from tests.support.driver import Driver
from tests.support.fake_render import FakeRender

WEB: dict[str, Any] = {"name": "web", "image": {"imagePath": "nginx"}, "plan": "starter", "environmentId": "evm-1"}


def test_a_changed_variable_does_not_replace_the_service(provider: Driver, render: FakeRender) -> None:
    """pulumi-render replaces the whole service when a variable changes (its issue 55)."""
    made = provider.create("WebService", **WEB, envVars={"A": "1"})
    render.asked.clear()

    found = provider.diff("WebService", made, **WEB, envVars={"A": "2"})
    provider.update("WebService", made, **WEB, envVars={"A": "2"})

    assert (found.diffs, found.replaces) == (["envVars"], [])
    assert render.writes() == [("PUT", f"/services/{made.id}/env-vars/A", {"value": "2"})]


def test_variables_added_elsewhere_stay(provider: Driver, render: FakeRender) -> None:
    """A bulk PUT wipes what the dashboard added; we set and remove only our own keys."""
    made = provider.create("WebService", **WEB, envVars={"A": "1", "B": "2"})
    render.env_vars[made.id]["DASHBOARD"] = "x"

    refreshed = provider.refresh("WebService", made)
    assert refreshed is not None
    provider.update("WebService", refreshed, **WEB, envVars={"A": "1"})

    assert refreshed.inputs["envVars"] == {"A": "1", "B": "2"}
    assert render.env_vars[made.id] == {"A": "1", "DASHBOARD": "x"}


def test_variables_no_longer_declared_at_all_are_removed(provider: Driver, render: FakeRender) -> None:
    """Deleting the whole input deletes its keys, and the preview shows it."""
    made = provider.create("WebService", **WEB, envVars={"A": "1"})
    render.env_vars[made.id]["DASHBOARD"] = "x"

    found = provider.diff("WebService", made, **WEB)
    provider.update("WebService", made, **WEB)

    assert found.diffs == ["envVars"]
    assert render.env_vars[made.id] == {"DASHBOARD": "x"}


def test_drift_in_a_variable_is_seen_and_mended(provider: Driver, render: FakeRender) -> None:
    """A refresh shows the value that somebody set by hand; the next `up` sets ours again and asks for a deploy."""
    made = provider.create("WebService", **WEB, envVars={"A": "1"})
    render.env_vars[made.id]["A"] = "by hand"

    refreshed = provider.refresh("WebService", made)
    assert refreshed is not None
    mended = provider.update("WebService", refreshed, **WEB, envVars={"A": "1"})

    assert refreshed.inputs["envVars"] == {"A": "by hand"}
    assert render.env_vars[made.id] == {"A": "1"}
    assert mended.outputs["revision"] != made.outputs["revision"]
