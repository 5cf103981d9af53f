"""What Render deploys by itself of a branch, beside an `up` of its environment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.errors import ExplainedError
from infra.load import from_file
from ops.releases import following
from ops.releases.passage import Passage
from tests.support.released_fakes import REAL, TYPES, Staging
from tests.support.releasing import Git

COMMIT = Git().commit.id


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release is not watched."""
    monkeypatch.setenv("SLIPWAY_WATCH_SECONDS", "0")


def up(there: Staging, ends: str, commit: str = COMMIT, *, branch: str = "dev") -> list[float]:
    """An `up` that changes nothing, while Render deploys that commit; how long was waited each time."""
    waits: list[float] = []
    for service in TYPES:
        key = there.render.deploy(service, "", "new_commit")
        there.render.deploys[service][-1] |= {"id": key, "status": "build_in_progress", "commit": {"id": commit}}
        there.render.deploys[service][-2]["status"] = "live"

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            for service in TYPES:
                there.render.deploys[service][-1]["status"] = ends
                if ends == "live":
                    there.render.deploys[service][-2]["status"] = "deactivated"

    given = there.context()
    context = replace(given, doors=replace(given.doors, committed=Git()))
    passage = Passage(context, REAL, from_file(branch), context.doors.aws(REAL, ""), wait)
    assert passage.through(lambda: 0) == 0
    return waits


def test_what_is_under_way_is_waited_for() -> None:
    """And judged as one release: nothing goes back because half of it was there."""
    there = Staging()

    waits = up(there, "live")

    assert waits[:3] == [following.LOOK_SECONDS] * 3
    assert {deploys[-1]["status"] for deploys in there.render.deploys.values()} == {"live"}
    assert there.render.asked == []


def test_what_render_could_not_deploy_of_this_commit_fails() -> None:
    """With which services and how; another commit's is told, since this `up` is not about it."""
    with pytest.raises(ExplainedError) as caught:
        up(Staging(), "build_failed")
    assert "dev does not run c0c0c0c0c0c0: Render could not deploy it: cams-staging: build_failed" in str(
        caught.value
    )

    assert len(up(Staging(), "update_failed", commit="another")) == 3


def test_where_an_image_is_declared_nothing_comes_by_itself() -> None:
    """So nobody waits."""
    assert up(Staging(), "live", branch="staging") == []
