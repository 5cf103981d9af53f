"""What every change of what runs goes through: what fails goes back by itself, and all of it is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.errors import FAILED, REFUSED, ExplainedError
from ops.doors.web import NOWHERE, Visit
from ops.releases.lock import Lock
from ops.releases.passage import Passage
from ops.releases.pending import Pending
from tests.support.released_fakes import (
    NEW,
    OLD,
    STAGING,
    TYPES,
    Staging,
    fails_on_posts,
    passage,
    released,
    well,
)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits: smoke requests alone decide, where a test says nothing else."""
    monkeypatch.setenv("SLIPWAY_WATCH_SECONDS", "0")


def test_a_release_that_answers_well_stays() -> None:
    """All services run it; nothing is left but a line that says who did what."""
    there = Staging()

    assert released(there) == 0

    assert set(there.render.runs().values()) == {NEW}
    assert "/cams/staging/gate" not in there.ssm.versions
    (line,) = there.told()
    assert (line["by"], line["what"], line["from"], line["to"], line["outcome"]) == (
        "somebody",
        "up",
        OLD,
        NEW,
        "done",
    )


def test_one_that_fails_goes_back_whole() -> None:
    """Release, image and variables are as before, Pulumi is told of these resources, and people of the rest."""
    there = Staging(answers=fails_on_posts)

    with pytest.raises(ExplainedError) as told:
        released(there)

    assert told.value.code == FAILED
    assert str(told.value) == (
        "staging was rolled back to sha256:aaaaaaaaaaaa: requests are not answered as they have to be\n"
        "  POST /api/exams/ HTTP 500 after 0.01 s: no posts today\n"
        "  … 3 such requests in all\n"
        "restored after 0.0 s; running now: cams-staging sha256:aaaaaaaaaaaa, cams-staging-worker "
        "sha256:aaaaaaaaaaaa, cams-staging-clearsessions sha256:aaaaaaaaaaaa"
        "\n\nhint: once that is mended: ./slipway up staging"
    )
    assert set(there.render.runs().values()) == {OLD}
    assert {path.partition("@")[2] for path in there.render.images.values()} == {OLD}
    assert {there.render.variables[one]["APP_VERSION"] for one in TYPES} == {OLD}
    assert [set(urns) for urns in there.pulumi.refreshed] == [
        {"urn:evg-1", *(f"urn:{one}{suffix}" for one in TYPES for suffix in ("", ":deploy"))}
    ]
    assert "/cams/staging/gate" not in there.ssm.versions
    assert there.told()[0]["outcome"].startswith("staging was rolled back to sha256:aaaaaaaaaaaa: requests are not")


def test_what_services_are_told_goes_back_as_well() -> None:
    """A rollback at Render runs with today's settings: what was changed, added or taken away is as it was."""
    there = Staging(answers=fails_on_posts)

    def act() -> int:
        there.render.up(NEW)
        there.render.variables["evg-1"] = {"SENTRY_DSN": "new"}
        return 0

    with pytest.raises(ExplainedError):
        passage(there).through(act)

    assert there.render.variables["evg-1"] == {"LOG_LEVEL": "INFO"}


def test_a_worker_that_was_refused_takes_the_web_service_back() -> None:
    """`pulumi up` has ended half-way: two releases would serve side by side."""
    there = Staging()

    with pytest.raises(ExplainedError, match=r"^staging was rolled back to sha256:a{12}: `pulumi up` ended half"):
        released(there, services=("srv-web",), code=255)

    assert set(there.render.runs().values()) == {OLD}
    assert [path for _, path in there.render.asked] == ["/services/srv-web/rollback"]


def test_a_release_that_is_whole_stays_where_something_else_failed() -> None:
    """An alarm that AWS refuses is no reason to take a good release away; the failure is told by whoever asked."""
    there = Staging()

    assert released(there, code=255) == 255

    assert set(there.render.runs().values()) == {NEW}
    assert there.told()[0]["outcome"] == "failed: pulumi's exit code 255"


def test_a_failure_before_anything_moved_changes_nothing() -> None:
    """Nor does a service that the provider has rolled back already."""
    there = Staging()

    def act() -> int:
        there.render.deploy("srv-web", NEW)
        there.render.deploy("srv-web", OLD, "rollback")
        return 255

    assert passage(there).through(act) == 255

    assert there.render.asked == []


def test_an_up_that_changes_nothing_asks_for_nothing() -> None:
    """No note, no line, no rollback."""
    there = Staging(answers=lambda method, path, version: Visit(500, 0.01))

    assert passage(there).through(lambda: 0) == 0

    assert (there.ssm.versions, there.render.asked) == ({}, [])


def test_what_somebody_has_deleted_is_in_nobodys_way() -> None:
    """`up` makes it anew; before that there is nothing of it to look at."""
    there = Staging()
    del there.render.deploys["srv-worker"], there.render.variables["evg-1"]

    assert released(there) == 0

    assert set(there.render.runs().values()) == {NEW}


def test_services_of_two_releases_do_not_stay() -> None:
    """Web and worker are one release, or none."""
    there = Staging()

    with pytest.raises(ExplainedError, match="cams-staging-worker runs sha256:aaaaaaaaaaaa"):
        released(there, services=("srv-web", "crn-job"))

    assert set(there.render.runs().values()) == {OLD}


def test_a_first_release_that_fails_is_told_and_stays() -> None:
    """There is nothing to go back to."""
    there = Staging(answers=lambda method, path, version: Visit(500, 0.01, "out of order"))
    there.pulumi.empty.append(True)  # before the first `up`

    with pytest.raises(ExplainedError, match="there is no release before it to go back to") as told:
        released(there)

    assert "GET /health/ HTTP 500 after 0.01 s: out of order" in str(told.value)
    assert there.render.asked == []


def test_nobody_is_blamed_for_what_failed_before() -> None:
    """A database that is away fails both releases: to go back would help nobody."""
    there = Staging(answers=lambda method, path, version: Visit(503, 0.01))
    was = {f"{method} {path}": {"count": 5, "failed": 5} for method, path in requests()}
    before = {one: {"deploy": there.render.deploys[one][0]["id"], "version": OLD} for one in TYPES}
    there.ssm.put_parameter(
        Name="/cams/staging/gate",
        Value=Pending.model_validate({"before": before, "baseline": was}).model_dump_json(),
    )

    assert released(there) == 0

    assert set(there.render.runs().values()) == {NEW}


def test_a_release_without_a_worker_that_works_goes_back() -> None:
    """Every page answers, and nobody does what they hand on: the application's own word decides."""

    def idle(method: str, path: str, version: str) -> Visit:
        if path == f"{STAGING.application.workers}?version={NEW}":
            return Visit(503, 0.01, "took no job")
        return well(path, version)

    there = Staging(answers=idle)

    with pytest.raises(ExplainedError, match=r"no worker of the release works: .* answers HTTP 503: took no job"):
        released(there)

    assert set(there.render.runs().values()) == {OLD}


def requests() -> list[tuple[str, str]]:
    application = STAGING.application
    looks = [("GET", path) for path in (application.release, *application.smoke)]
    return looks + [("POST", path) for path in application.posts]


def test_silence_is_waited_for() -> None:
    """The edge may need a moment after the switch; a wrong answer ends the wait at once."""
    there = Staging()
    silent = iter([Visit(NOWHERE, 1.0, "ConnectionError")] * 20)
    there.answers = lambda method, path, version: next(silent, well(path, version))

    assert released(there) == 0


def test_a_locked_environment_refuses_with_who_and_why() -> None:
    """Exit code 3, before anything is asked or changed; the refusal is told, too."""
    there = Staging()
    ours = passage(there)
    ours.locks.take(Lock(by="octocat", at=datetime(2026, 11, 26, 9, 0, tzinfo=UTC), why="exam until noon"))

    with pytest.raises(ExplainedError) as told:
        ours.open("up")

    assert told.value.code == REFUSED
    assert str(told.value) == (
        "refused: staging is locked by octocat since 2026-11-26 09:00 UTC: exam until noon"
        "\n\nhint: when that is over: ./slipway unlock staging"
    )
    with pytest.raises(ExplainedError, match="exam until noon"):
        ours.locks.take(Lock(by="me", at=datetime.now(UTC), why="mine"))
    assert there.told()[0]["outcome"].startswith("refused: staging is locked by octocat")
    held = ours.locks.release()
    assert held is not None
    assert held.by == "octocat"
    ours.open("up")


def test_who_acts_is_the_person_at_github_as_the_role() -> None:
    """Where a workflow runs; elsewhere whom AWS sees."""
    there = Staging(environment={"GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "octocat"})
    context = there.context()
    cloud = context.doors.choose()

    assert Passage(context, cloud, STAGING, context.doors.aws(cloud, "")).by == "octocat as somebody"
    assert passage(there).by == "somebody"
