"""The way back itself: what of it fails, what was ended half-way, and what is in its way."""

from __future__ import annotations

import pytest

from console.errors import ExplainedError
from infra.release import Migration, Release
from ops.doors.programs import InterruptedRunError
from ops.doors.web import Visit
from ops.releases.observed import Kind
from ops.releases.pending import Pending
from ops.releases.services import Live
from tests.support.released_fakes import NEW, OLD, TYPES, Staging, fails_on_posts, passage, released, well


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


def test_aws_that_refuses_everything_by_then_is_in_nobodys_way() -> None:
    """Credentials run out while a deploy goes on: the release that fails must not serve on for that."""
    there = Staging(answers=fails_on_posts)

    def act() -> int:
        there.render.up(NEW)
        there.ssm.refuses = "ExpiredTokenException"
        return 0

    with pytest.raises(ExplainedError, match=r"^staging was rolled back to sha256:aaaaaaaaaaaa: requests are not"):
        passage(there).through(act)

    assert set(there.render.runs().values()) == {OLD}


def test_a_record_that_cannot_be_read_hides_no_way_back() -> None:
    """What was done is told, and not what stands in SSM."""
    there = Staging(answers=fails_on_posts)
    there.ssm.put_parameter(Name="/cams/staging/release", Value='{"digest": "sha2')

    with pytest.raises(ExplainedError, match=r"^staging was rolled back to sha256:aaaaaaaaaaaa: requests are not"):
        released(there)

    assert set(there.render.runs().values()) == {OLD}


def test_an_env_group_that_cannot_be_put_back_holds_up_no_service() -> None:
    """It is told first, and the services run the release before."""
    there = Staging(answers=fails_on_posts)

    def act() -> int:
        there.render.up(NEW)
        del there.render.variables["evg-1"]
        return 0

    with pytest.raises(ExplainedError, match=r"LOOK NOW: env group: GET /env-groups/evg-1: not found"):
        passage(there).through(act)

    assert set(there.render.runs().values()) == {OLD}


@pytest.mark.parametrize("said", ["{{ exam.title }}", "\x00" * 3000, "ü" * 3000], ids=["braces", "escapes", "length"])
def test_whatever_a_release_says_it_goes_back(said: str) -> None:
    """Its words come into the note and the audit, for which SSM has rules of its own."""

    def idle(method: str, path: str, version: str) -> Visit:
        return Visit(503, 0.01, said) if f"?version={NEW}" in path else well(path, version)

    there = Staging(answers=idle)

    with pytest.raises(ExplainedError, match=r"^staging was rolled back to sha256:aaaaaaaaaaaa: no worker"):
        released(there)

    assert set(there.render.runs().values()) == {OLD}
    (line,) = there.told()
    assert line["outcome"].startswith("staging was rolled back to sha256:aaaaaaaaaaaa: no worker")
    assert said[:20] in line["outcome"]


def test_a_note_of_many_services_has_room() -> None:
    """Of what was seen of the release before less is kept, and of what ran before all."""
    there = Staging()
    before = {f"srv-{number:020}": Live(deploy=f"dep-{number:020}", version=OLD) for number in range(16)}
    times = {f"GET /{name}": Kind(count=99, milliseconds=(12345,) * 40) for name in range(8)}
    note = passage(there).note

    note.write(Pending(why="because" * 100, before=before, baseline=times))

    found = note.read()
    assert found is not None
    assert found.before == before
    assert [kind.count for kind in found.baseline.values()] == [99] * 8


def test_as_many_instances_run_as_before() -> None:
    """Render's rollback brings back the number that the old deploy once had."""
    there = Staging(answers=fails_on_posts)
    there.render.counts = {"srv-web": 3, "srv-worker": 1}
    there.render.instances = {"srv-web": ["a", "b", "c"], "srv-worker": ["d"]}

    with pytest.raises(ExplainedError, match="rolled back"):
        released(there)

    assert [len(there.render.instances[name]) for name in ("srv-web", "srv-worker")] == [3, 1]
    assert ("POST", "/services/srv-worker/scale") not in there.render.asked
