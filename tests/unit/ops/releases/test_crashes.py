"""What Render tells of instances that end takes a release back, whichever service they are of."""

from __future__ import annotations

import pytest

from console.errors import ExplainedError
from ops.releases.crashes import PAUSE, Crashes
from ops.releases.services import environment, live
from tests.support.released_fakes import NEW, OLD, Staging, passage, released


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits: one look decides."""
    monkeypatch.setenv("SLIPWAY_WATCH_SECONDS", "0")


@pytest.fixture
def there() -> Staging:
    staging = Staging()
    staging.render.instances = {"srv-web": ["old-1"], "srv-worker": ["old-2"]}
    return staging


def test_a_worker_that_ends_after_its_own_watch_takes_the_release_back(there: Staging) -> None:
    """Its service's gate has let it pass, every page answers, and it says of itself that it works."""

    def act() -> int:
        there.render.up(NEW)
        there.render.dies("srv-worker", "new-2", code=137)
        there.render.dies("srv-worker", "new-2", code=137)
        return 0

    with pytest.raises(ExplainedError) as told:
        passage(there).through(act)

    why = "cams-staging-worker: its instances are in a crash loop: exit code 137, 2 times"
    assert str(told.value).startswith(f"staging was rolled back to {OLD[:19]}: {why}\n")
    assert set(there.render.runs().values()) == {OLD}


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_what_ends_of_the_release_before_blames_nobody(there: Staging, when: str) -> None:
    """Nor what has ended before."""
    if when == "before":
        there.render.dies("srv-web", "older-1")

    def act() -> int:
        there.render.up(NEW)
        if when == "meanwhile":
            there.render.dies("srv-web", "old-1")
        return 0

    assert passage(there).through(act) == 0

    assert set(there.render.runs().values()) == {NEW}


def test_events_that_render_cannot_tell_refuse_nothing(there: Staging) -> None:
    """What nobody sees is no fault of the release."""
    there.render.stumbles = 100

    assert released(there) == 0


def test_it_looks_now_and_then(there: Staging) -> None:
    """Render allows so many questions a minute; a failure of its own is gone by the next look."""
    time = [100.0]
    there.render.up(NEW)
    there.render.dies("srv-worker", "new-2")
    there.render.stumbles = 2
    services = environment(there.pulumi.resources("staging")).services
    moved = [(one, now) for one in services if (now := live(there.render, one))]
    crashes = Crashes(there.render, moved, (), clock=lambda: time[0])

    seen = [crashes.glance(), crashes.glance()]
    time[0] += PAUSE

    assert seen == [None, None]
    assert there.render.stumbles == 0
    assert crashes.glance() == "cams-staging-worker: its instances crash: exit code 1, once"
