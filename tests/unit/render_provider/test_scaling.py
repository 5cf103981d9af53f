"""Instances: a number, or as many as the load asks for."""

from __future__ import annotations

from typing import Any

from tests.support.driver import Driver
from tests.support.fake_render import FakeRender

WEB: dict[str, Any] = {"name": "web", "image": {"imagePath": "nginx"}, "plan": "starter", "environmentId": "evm-1"}


def test_scaling_has_its_own_call(provider: Driver, render: FakeRender) -> None:
    """numInstances and autoscaling are not PATCHable; nothing else is sent."""
    made = provider.create("WebService", **WEB, numInstances=1)
    render.asked.clear()

    provider.update("WebService", made, **WEB, numInstances=3)

    assert render.writes() == [("POST", f"/services/{made.id}/scale", {"numInstances": 3})]


def test_autoscaling_comes_and_goes(provider: Driver, render: FakeRender) -> None:
    """Set by PUT, removed by DELETE when no longer declared."""
    scaling = {
        "min": 2,
        "max": 3,
        "criteria": {"cpu": {"enabled": True, "percentage": 60}, "memory": {"enabled": False, "percentage": 70}},
    }
    made = provider.create("WebService", **WEB)
    render.asked.clear()

    on = provider.update("WebService", made, **WEB, autoscaling=scaling)
    found = provider.diff("WebService", on, **WEB)
    provider.update("WebService", on, **WEB)

    path = f"/services/{made.id}/autoscaling"
    assert render.writes() == [("PUT", path, {"enabled": True, **scaling}), ("DELETE", path, None)]
    assert found.diffs == ["autoscaling"]
