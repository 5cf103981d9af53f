"""What the public address has to answer after a switch: of every instance, in a row, and at each smoke path."""

from __future__ import annotations

import pytest

from render_provider.provider.probe import Answer
from tests.support.driver import Driver
from tests.support.fake_render import paths
from tests.unit.render_provider.gated import NEW, URL, Gated, Script, gated, in_turn


@pytest.fixture
def web(provider: Driver, monkeypatch: pytest.MonkeyPatch) -> Gated:
    monkeypatch.delenv("SLIPWAY_WATCH_SECONDS", raising=False)
    return gated(provider, monkeypatch)


def by(instance: str) -> Answer:
    return Answer(200, f'{{"version": "sha256:two", "instance": "{instance}"}}')


def test_a_release_that_answers_in_a_row_is_watched_and_passes(web: Gated) -> None:
    """So many answers, the smoke requests, and one more a second while it is watched."""
    gate = {"consecutive": 3, "watchSeconds": 4, "smoke": {"/": 200}}

    done = web.passes(verifyUrl=URL, gate=gate)

    assert done.outputs["status"] == "live"
    assert web.asked[:5] == [URL] * 5  # before the deploy, seen, and three in a row
    assert web.asked[5] == "https://web.onrender.com/"
    assert web.asked[6:] == [URL] * 4
    assert "POST" not in " ".join(paths(web.render.asked[-3:]))


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (in_turn(NEW, NEW, Answer(500, "boom")), "has shown it and then fails again and again"),
        (in_turn(NEW, None), "GET https://web.onrender.com/api/health/: no answer"),
        (in_turn(NEW, NEW, Answer(502, "gone")), "HTTP 502: gone"),
        (in_turn(NEW, Answer(200, "sha256:one")), "does not show it alone: 0 answers in a row after 60 s"),
        (in_turn(Answer(500, "boom")), "does not show sha256:two: HTTP 500, 19 times in 5 s: boom"),
    ],
)
def test_answers_that_are_not_the_releases_refuse_it(web: Gated, script: Script, told: str) -> None:
    """At once where it fails, after a minute where something else answers in its place."""
    text = web.refused(script, verifyUrl=URL, gate={"consecutive": 3})

    assert told in text
    assert "was refused and is rolled back" in text


def test_one_bad_answer_in_passing_refuses_nothing(web: Gated) -> None:
    """The row begins anew."""
    script = in_turn(NEW, NEW, Answer(502), NEW, NEW, NEW)

    web.passes(script, verifyUrl=URL, gate={"consecutive": 3})

    assert len(web.asked) == 7  # before, seen, one good, one bad, three in a row
    assert web.deploys[0]["trigger"] == "api"


def test_a_release_that_fails_while_it_is_watched_is_refused(web: Gated) -> None:
    """It may answer three times and no more."""
    text = web.refused(
        lambda path, now: NEW if now < 3 else Answer(500, "leaked"),
        verifyUrl=URL,
        gate={"consecutive": 3, "watchSeconds": 20},
    )

    assert "requests that failed:\n  GET https://web.onrender.com/api/health/: HTTP 500: leaked" in text


def test_every_instance_has_to_answer(web: Gated) -> None:
    """Of each so many in a row."""
    answers = iter(range(10_000))

    def both(path: str, now: float) -> Answer:
        web.render.instances = ["old-1", "new-1", "new-2"]
        return by(f"new-{next(answers) % 2 + 1}")

    web.passes(both, verifyUrl=URL, gate={"consecutive": 2})

    assert len(web.asked) == 6  # before, seen, and four in a row


def test_an_instance_that_never_answers_refuses_the_release(web: Gated) -> None:
    """One that Render lists and nobody reaches, after twenty answers for each, is not missed by chance."""

    def one(path: str, now: float) -> Answer:
        web.render.instances = ["new-1", "new-2"]
        return by("new-1")

    text = web.refused(one, verifyUrl=URL, gate={"consecutive": 2})

    assert "of its 2 instances new-2 answered none of 40 requests" in text


def test_instances_that_cannot_be_told_apart_are_said_to_be(web: Gated) -> None:
    """The answers suffice then."""

    def nameless(path: str, now: float) -> Answer:
        web.render.instances = ["new-1", "new-2"]
        return NEW

    web.passes(nameless, verifyUrl=URL, gate={"consecutive": 2})

    [(_, said)] = [one for one in web.provider.said if one[0] == "info"]
    assert said == f"{URL} does not say which of 2 instances answers: 4 answers suffice"


def test_a_smoke_request_that_is_answered_otherwise_refuses_the_release(web: Gated) -> None:
    """All of them are told, with status and body; one that leads elsewhere counts by its own status."""

    def script(path: str, now: float) -> Answer | None:
        pages = {"/admin/": Answer(200, "login", first=302), "/exams/": Answer(500, "no template"), "/gone": None}
        return pages.get(path, NEW)

    smoke = {"/admin/": 302, "/exams/": 200, "/gone": 404}
    text = web.refused(script, verifyUrl=URL, gate={"smoke": smoke})

    assert "2 of its smoke requests fail (they have to answer /admin/ 302, /exams/ 200, /gone 404)" in text
    assert "  GET https://web.onrender.com/exams/: HTTP 500: no template\n" in text
    assert "  GET https://web.onrender.com/gone: no answer\n" in text


def test_a_page_that_leads_in_a_circle_is_no_page(web: Gated) -> None:
    """Though the first of its answers has the status that is asked for."""

    def circle(path: str, now: float) -> Answer:
        return Answer(302, "it redirects in a circle", circular=True) if path == "/admin/" else NEW

    text = web.refused(circle, verifyUrl=URL, gate={"smoke": {"/admin/": 302}})

    assert "GET https://web.onrender.com/admin/: HTTP 302: it redirects in a circle" in text


@pytest.mark.parametrize(
    "other", [Answer(200, "<h1>soon</h1>"), Answer(204), Answer(200, '{"version": "sha256:one"}')]
)
def test_a_release_that_shows_itself_no_more_is_refused(web: Gated, other: Answer) -> None:
    """Any 200 is no proof: what answers at the end of the watch must be the release still."""
    text = web.refused(
        lambda path, now: NEW if now < 3 else other, verifyUrl=URL, gate={"consecutive": 3, "watchSeconds": 10}
    )

    assert f"{URL} does not show it alone: 0 answers in a row after 60 s" in text


def test_an_instance_that_is_added_meanwhile_is_not_waited_for(web: Gated) -> None:
    """It gets no requests before it is healthy; a release is not to blame for a day with many users."""
    answers = iter(range(10_000))

    def scaled(path: str, now: float) -> Answer:
        number = next(answers)
        web.render.instances = ["new-1", "new-2", *(["new-3"] if number > 4 else [])]
        return by("new-2" if number == 9 else "new-1")

    web.passes(scaled, verifyUrl=URL, gate={"consecutive": 2})

    assert web.deploys[0]["trigger"] == "api"


def test_instances_that_render_cannot_tell_now_are_asked_for_again(web: Gated) -> None:
    """A failure of its own is no leave to look at one instance of two."""
    failures = iter([3])

    def one(path: str, now: float) -> Answer:
        web.render.instances = ["new-1", "new-2"]
        web.render.stumble.setdefault(f"GET /services/{web.service.id}/instances", next(failures, 0))
        return by("new-1")

    text = web.refused(one, verifyUrl=URL, gate={"consecutive": 2})

    assert "new-2 answered none of" in text
