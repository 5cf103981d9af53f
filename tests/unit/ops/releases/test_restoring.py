"""The way back itself: what of it fails, what was ended half-way, and what is in its way."""

from __future__ import annotations

import pytest

from console.errors import ExplainedError
from infra.release import Migration, Release
from ops.doors.programs import InterruptedRunError
from ops.releases.pending import Pending
from tests.support.released_fakes import NEW, OLD, TYPES, Staging, fails_on_posts, passage, released


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits: smoke requests alone decide, where a test says nothing else."""
    monkeypatch.setenv("SLIPWAY_WATCH_SECONDS", "0")


def test_a_run_that_was_killed_is_gone_on_with() -> None:
    """The same command again finds what served before, though all of it has moved, and takes it back."""
    there = Staging(answers=fails_on_posts)
    with pytest.raises(InterruptedRunError):
        passage(there).through(lambda: killed(there))
    assert set(there.render.runs().values()) == {NEW}

    with pytest.raises(ExplainedError, match=r"^staging was rolled back to sha256:aaaaaaaaaaaa"):
        passage(there).through(lambda: 0)

    assert set(there.render.runs().values()) == {OLD}
    assert {there.render.variables[one]["APP_VERSION"] for one in TYPES} == {OLD}


def killed(there: Staging) -> int:
    """A run that ends when all has moved, and before anybody looked whether it works."""
    before = {one: {"deploy": there.render.deploys[one][0]["id"], "version": OLD} for one in TYPES}
    there.ssm.put_parameter(
        Name="/cams/staging/gate", Value=Pending.model_validate({"before": before}).model_dump_json()
    )
    there.render.up(NEW)
    raise InterruptedRunError


def test_a_way_back_that_was_ended_is_finished_first() -> None:
    """Before anything new is brought: then `up` is as if it had not been."""
    there = Staging()
    before = {one: {"deploy": there.render.deploys[one][0]["id"], "version": OLD} for one in TYPES}
    there.render.up(NEW)
    there.ssm.put_parameter(
        Name="/cams/staging/gate",
        Value=Pending.model_validate({"phase": "going back", "before": before}).model_dump_json(),
    )
    seen: list[dict[str, str]] = []

    def act() -> int:
        seen.append(there.render.runs())
        return 0

    passage(there).through(act)

    assert set(seen[0].values()) == {OLD}
    assert "/cams/staging/gate" not in there.ssm.versions


def test_a_service_that_cannot_be_rolled_back_is_deployed_as_it_was() -> None:
    """Render refuses rollbacks of some kinds of services."""
    there = Staging(answers=fails_on_posts)
    there.render.refuses["crn-job"] = "rollbacks are not for cron jobs"

    with pytest.raises(ExplainedError, match=r"^staging was rolled back"):
        released(there)

    assert set(there.render.runs().values()) == {OLD}


def test_a_rollback_that_fails_is_told_first_and_loudest() -> None:
    """And the next run goes on with it."""
    there = Staging(answers=fails_on_posts)
    there.render.refuses["srv-worker"] = "everything"

    with pytest.raises(
        ExplainedError,
        match=r"^staging IS NOT BACK AT THE RELEASE BEFORE, SOMEBODY HAS TO LOOK NOW: cams-staging-worker: ",
    ) as told:
        released(there)

    assert "LOOK NOW: cams-staging-worker: POST /services/srv-worker/deploys: no (HTTP 400)" in str(told.value)
    assert "running now: cams-staging sha256:aaaaaaaaaaaa" in str(told.value)
    assert there.render.runs() == {"srv-web": OLD, "srv-worker": NEW, "crn-job": OLD}
    assert '"phase":"going back"' in there.ssm.versions["/cams/staging/gate"][-1]["Value"]


def test_the_record_says_again_what_runs() -> None:
    """Else any later `up` would bring the broken release again."""
    there = Staging(answers=fails_on_posts)
    ours = passage(there)
    ours.records.put(Release(digest=OLD, commit="c0ffee"))
    ours.records.put(Release(digest=NEW))

    with pytest.raises(ExplainedError, match="rolled back"):
        released(there)

    current = ours.records.current()
    assert current is not None
    assert (current.digest, current.event, current.source, current.commit) == (OLD, "rolled back", NEW, "c0ffee")


def test_a_release_stays_where_the_one_before_cannot_live() -> None:
    """A migration that it cannot live with: to go back would be worse."""
    there = Staging(answers=fails_on_posts)
    ours, first = passage(there), Migration(name="exams.0001_initial", reversible=True)
    ours.records.put(Release(digest=OLD, migrations=(first,)))
    ours.records.put(Release(digest=NEW, migrations=(first, Migration(name="exams.0002_drop", reversible=False))))

    with pytest.raises(ExplainedError, match=r"CANNOT GO BACK: sha256:aaaaaaaaaaaa cannot live with exams.0002_drop"):
        released(there)

    assert set(there.render.runs().values()) == {NEW}
