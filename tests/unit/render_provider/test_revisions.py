"""Images and revisions: what makes a service run something else."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_plugin.values import UNKNOWN
from render_provider.provider.images import normal
from tests.support.driver import Driver
from tests.support.fake_render import FakeRender

WEB: dict[str, Any] = {"name": "web", "image": {"imagePath": "nginx"}, "plan": "starter", "environmentId": "evm-1"}


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:1", "docker.io/library/nginx:1"),
        ("me/app", "docker.io/me/app:latest"),
        ("docker.io/nginx", "docker.io/library/nginx:latest"),
        ("ghcr.io/me/app:2", "ghcr.io/me/app:2"),
        ("127.0.0.1:5000/app@sha256:ab", "127.0.0.1:5000/app@sha256:ab"),
        ("localhost/app", "localhost/app:latest"),
    ],
)
def test_images_are_compared_as_render_spells_them(short: str, full: str) -> None:
    """Render answers `docker.io/library/nginx:latest` to `nginx`."""
    assert normal(short) == full
    assert normal(full) == full


def test_a_new_digest_is_a_difference(provider: Driver, render: FakeRender) -> None:
    """Another digest of the same image is another release."""
    old, new = ({"imagePath": f"r.test/app@sha256:{digest}"} for digest in ("aa", "bb"))
    made = provider.create("WebService", **{**WEB, "image": old})

    found = provider.diff("WebService", made, **{**WEB, "image": new})
    changed = provider.update("WebService", made, **{**WEB, "image": new})

    assert found.diffs == ["image"]
    assert render.things["services"][made.id]["imagePath"] == "r.test/app@sha256:bb"
    assert changed.outputs["revision"] != made.outputs["revision"]


def test_the_revision_follows_only_what_a_release_depends_on(provider: Driver) -> None:
    """A new name or number of instances needs no deploy."""
    made = provider.create("WebService", **WEB, numInstances=1)

    changed = provider.update("WebService", made, **{**WEB, "name": "other"}, numInstances=3)

    assert changed.outputs["revision"] == made.outputs["revision"]


def test_going_there_and_back_makes_two_revisions(provider: Driver) -> None:
    """A to B and back to A: what ran in between has to be deployed over."""
    first = provider.create("WebService", **WEB, envVars={"A": "1"})
    second = provider.update("WebService", first, **WEB, envVars={"A": "2"})
    third = provider.update("WebService", second, **WEB, envVars={"A": "1"})

    assert len({kept.outputs["revision"] for kept in (first, second, third)}) == 3


def test_the_revision_is_known_in_a_preview_when_the_inputs_are(provider: Driver) -> None:
    """A preview says whether a deploy will follow."""
    made = provider.create("WebService", **WEB, envVars={"A": "1"})

    shown = provider.preview("WebService", **WEB, envVars={"A": "1"})
    unknown = provider.preview("WebService", **WEB, envVars={"A": UNKNOWN})
    changed = provider.update("WebService", made, preview=True, **WEB, envVars={"A": "2"})
    done = provider.update("WebService", made, **WEB, envVars={"A": "2"})

    assert shown["revision"] == made.outputs["revision"]
    assert unknown["revision"] is UNKNOWN
    assert (shown["url"], shown["slug"]) == (UNKNOWN, UNKNOWN)
    assert changed.outputs["revision"] == done.outputs["revision"]
    assert changed.outputs["url"] == "https://web.onrender.com"
