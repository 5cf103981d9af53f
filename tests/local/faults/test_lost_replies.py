"""Replies get lost, calls are limited and fail during an `up`; nothing is made twice."""

from __future__ import annotations

from tests.support import inventory
from tests.support.world import World

RENDER = ("/v1/services", "/v1/postgres", "/v1/key-value", "/v1/env-groups", "/v1/registrycredentials")
AWS = ("CreateKey", "CreateBucket", "CreateRole", "CreateUser", "CreateAccessKey", "CreateSecret", "CreateRepository")


def test_an_up_with_lost_replies_on_both_clouds_makes_nothing_twice(world: World) -> None:
    """The first create of each kind is carried out and never answered; the run ends well all the same."""
    for path in RENDER:
        world.fault("render", method="POST", path=path, kind="drop_after")
    for action in AWS:
        world.fault("aws", action=action, kind="drop_after")

    finished = world.pulumi_up("prod")
    again = world.pulumi("preview", "--stack", "prod", "--expect-no-changes", "--diff")

    assert finished.returncode == 0, finished.output
    assert again.returncode == 0, again.output
    assert "looking if it was carried out" in finished.output
    assert inventory.differences(world) == {}


def test_rate_limits_and_server_errors_are_waited_out_and_announced(dev_gone: World) -> None:
    """Both clouds refuse a while with 429 and 503; the run says so and ends well."""
    dev_gone.fault("render", method="GET", path="/v1/*", kind="rate_limit", seconds=1)
    dev_gone.fault("render", method="POST", path="/v1/postgres", kind="rate_limit", seconds=1)
    dev_gone.fault("render", method="GET", path="/v1/postgres*", kind="status", status=503, times=2)
    dev_gone.fault("aws", action="CreateRole", kind="rate_limit", times=2)
    dev_gone.fault("aws", action="CreateBucket", kind="status", status=503, times=2)

    finished = dev_gone.pulumi_up("dev")
    again = dev_gone.pulumi("preview", "--stack", "dev", "--expect-no-changes", "--diff")

    assert finished.returncode == 0, finished.output
    assert "Render's rate limit is reached at" in finished.output
    assert "waiting" in finished.output
    assert again.returncode == 0, again.output
