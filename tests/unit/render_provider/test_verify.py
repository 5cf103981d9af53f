"""What the public URL answers after a deploy: what is waited for, and what ends the wait."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pulumi_plugin.plugin import HalfDoneError
from render_provider.provider.probe import Answer, shortened
from render_provider.provider.resources import RESOURCES
from render_provider.provider.resources.deploy import Deploy
from tests.support.driver import Driver, Kept
from tests.support.fake_render import FakeRender

URL = "https://web.onrender.com/api/health/"
OLD, NEW = Answer(200, '{"version": "old"}'), Answer(200, '{"version": "c0ffee"}')
BROKEN = Answer(500, "<html><head><style>p {}</style></head><h1>Server Error (500)</h1></html>")
NO_SERVER = Answer(404, "Not Found\n", "no-server")

Script = Callable[[float], Answer | None]


@pytest.fixture
def service(provider: Driver, render: FakeRender) -> Kept:
    made = provider.create("WebService", logical="s", name="web", image={"imagePath": "nginx"})
    render.deploys[made.id][0]["status"] = "live"
    return made


@pytest.fixture
def deploy(provider: Driver, service: Kept, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[float]]:
    """Deploys, with a URL that answers by a script of the seconds since `live`; returns when it was asked."""

    def run(script: Script, *, before: Answer | None = OLD) -> list[float]:
        asked: list[float] = []

        def probe(url: str) -> Answer | None:
            assert url == URL
            if provider.render.deploys[service.id][0]["trigger"] != "api":
                return before  # until it is deployed, and once it is rolled back
            asked.append(provider.clock.time)
            return script(provider.clock.time)

        monkeypatch.setitem(RESOURCES, Deploy.type_, Deploy(probe))
        provider.clock.time = 0
        try:
            provider.create("Deploy", serviceId=service.id, verifyUrl=URL)
        finally:
            provider.clock.asked = asked  # type: ignore[attr-defined] # for a test that expects an error
        return asked

    return run


def failure(provider: Driver, deploy: Callable[..., list[float]], script: Script, **more: Answer | None) -> str:
    with pytest.raises(HalfDoneError) as caught:
        deploy(script, **more)
    return caught.value.reason


def asked(provider: Driver) -> list[float]:
    return provider.clock.asked  # type: ignore[attr-defined,no-any-return] # set above


def test_an_error_of_the_new_release_ends_the_wait_within_seconds(
    provider: Driver, render: FakeRender, deploy: Callable[..., list[float]]
) -> None:
    """With status, body and the app's last lines, and nothing in them that looks like a secret."""
    render.log("2999-01-01", "starting with postgresql://cams:hunter2@db/cams", "app", "new")
    for second in range(10):
        render.log(
            f"2999-01-02T{second}", f"{second} GET /api/health/ 500 {'x' * 300} ValueError: nope", "app", "new"
        )
    render.log("2999-01-03", "RuntimeError: the examiner has lost her glasses", "app", "new")

    told = failure(provider, deploy, lambda now: BROKEN)

    [(service, deployed)] = render.deploys.items()
    assert told == (
        f"deploy {deployed[1]['id']} (c0ffee) of web was refused and is rolled back: {URL} does not show c0ffee: "
        "HTTP 500, 19 times in 5 s: Server Error (500)\n"
        "its last lines:\n"
        "  starting with postgresql://***@db/cams\n"
        f"  9 GET /api/health/ 500 {'x' * 57}…{'x' * 103} ValueError: nope\n"
        "  RuntimeError: the examiner has lost her glasses\n"
        f"what serves now: {deployed[2]['id']} (of unknown version) again, as {deployed[0]['id']}, which was verified"
        f"\n\nhint: mend this and run `pulumi up` again (https://d/{service})"
    )
    assert len(asked(provider)) == 19
    assert asked(provider)[-1] == pytest.approx(5.4, abs=0.1)


@pytest.mark.parametrize(
    ("answer", "looks", "seconds", "told"),
    [
        (Answer(503, "ill"), 19, 5.4, "HTTP 503, 19 times in 5 s: ill"),
        (Answer(404, "no such page"), 28, 21.1, "HTTP 404, 28 times in 21 s: no such page"),
        (OLD, 48, 61.1, 'HTTP 200, 48 times in 61 s: {"version": "old"}'),
        (Answer(502, "Bad gateway"), 48, 61.1, "HTTP 502, 48 times in 61 s: Bad gateway"),
    ],
)
def test_every_definite_answer_has_its_time(
    provider: Driver, deploy: Callable[..., list[float]], answer: Answer, looks: int, seconds: float, told: str
) -> None:
    """The application's errors seconds, a missing page longer, the release before it and the edge a minute."""
    assert told in failure(provider, deploy, lambda now: answer)
    assert len(asked(provider)) == looks
    assert asked(provider)[-1] == pytest.approx(seconds, abs=0.1)


@pytest.mark.parametrize(
    ("silence", "before"), [(None, None), (NO_SERVER, OLD), (Answer(503, "", "hibernate-wake-error"), OLD)]
)
def test_silence_is_waited_for(
    deploy: Callable[..., list[float]], silence: Answer | None, before: Answer | None
) -> None:
    """Nobody has answered yet, or Render's edge says that nothing is routed: four minutes of it, then the release."""
    looked = deploy(lambda now: NEW if now > 240 else silence, before=before)

    assert looked[-1] == pytest.approx(241.1, abs=0.1)


def test_silence_where_there_was_an_answer_before_is_a_release_that_hangs(
    provider: Driver, deploy: Callable[..., list[float]]
) -> None:
    """It has the traffic and says nothing: a minute of it is enough."""
    told = failure(provider, deploy, lambda now: None)

    assert f"{URL} with c0ffee: not answering, for 61 s" in told
    assert asked(provider)[-1] == pytest.approx(61.1, abs=0.1)


def test_silence_has_an_end(provider: Driver, deploy: Callable[..., list[float]]) -> None:
    """After five minutes it is told as what it is."""
    told = failure(provider, deploy, lambda now: NO_SERVER)

    assert f"{URL} with c0ffee: still not answering after 5 min" in told


@pytest.mark.parametrize(
    "bad", [lambda now: BROKEN if now < 4 else NEW, lambda now: BROKEN if 10 < now < 13 else OLD if now < 20 else NEW]
)
def test_an_error_in_passing_fails_no_good_release(deploy: Callable[..., list[float]], bad: Script) -> None:
    """At the switch single requests may meet an instance that is just going."""
    assert deploy(bad)


def test_errors_between_other_answers_do_not_add_up(deploy: Callable[..., list[float]]) -> None:
    """Only what is said in a row counts: old instances and new ones share the traffic for a moment."""
    count = iter(range(1000))

    assert deploy(lambda now: NEW if now > 30 else (BROKEN, BROKEN, OLD)[next(count) % 3])


def test_errors_after_a_long_silence_end_the_wait_as_soon(
    provider: Driver, deploy: Callable[..., list[float]]
) -> None:
    """The looks have not become too rare by then."""
    failure(provider, deploy, lambda now: BROKEN if now > 100 else NO_SERVER)

    assert asked(provider)[-1] == pytest.approx(107.1, abs=0.1)


def test_an_error_that_was_there_before_the_deploy_may_be_the_old_releases(
    provider: Driver, deploy: Callable[..., list[float]]
) -> None:
    """A release that mends another gets the minute of the switch; another error is its own."""
    assert deploy(lambda now: BROKEN if now < 50 else NEW, before=BROKEN)[-1] > 50


def test_a_new_error_is_the_new_releases_also_where_the_old_one_was_broken(
    provider: Driver, deploy: Callable[..., list[float]]
) -> None:
    """A 503 before and a 500 now are two."""
    assert "HTTP 500, 19 times" in failure(provider, deploy, lambda now: BROKEN, before=Answer(503))


def test_the_right_text_in_an_error_is_no_success(provider: Driver, deploy: Callable[..., list[float]]) -> None:
    """A health page that tells its version and a 503 says that it is ill."""
    ill = Answer(503, '{"status": "ill", "version": "c0ffee"}')

    assert 'HTTP 503, 19 times in 5 s: {"status": "ill"' in failure(provider, deploy, lambda now: ill)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a" * 300, "a" * 200 + "…"),
        ("<!doctype html><style>b {}</style><h1>Bad</h1>\n <p>gate &amp; way", "Bad gate & way"),
        ('{"DATABASE_PASSWORD": "x1", "api_key": "y2"}', '{"DATABASE_PASSWORD": "***", "api_key": "***"}'),
        ("SECRET_KEY=abc token: def", "SECRET_KEY=*** token: ***"),
        ("redis://:pw@host:6379/0", "redis://***@host:6379/0"),
        ("postgres://cams:p@ss/w@rd@db/cams", "postgres://***@db/cams"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("{\"password\": \"correct horse\", 'pwd': 'it\\'s'}", "{\"password\": \"***\", 'pwd': '***'}"),
        ("<table><tr><td>SECRET_KEY</td><td><pre>&#x27;a b&#x27;</pre>", "SECRET_KEY '***'"),
        ("GET /photo?X-Amz-Signature=abc&x=1", "GET /photo?X-Amz-Signature=***&x=1"),
        ("Set-Cookie: session=abc; Path=/", "Set-Cookie: ***; Path=/"),
        ("cannot verify eyJhbGciOi.eyJzdWIi.c2ln", "cannot verify ***"),
    ],
)
def test_a_body_is_shown_shortened_and_without_secrets(text: str, shown: str) -> None:
    """Enough to recognise it by."""
    assert shortened(text) == shown


def test_a_release_that_asks_for_time_is_no_bad_one(deploy: Callable[..., list[float]]) -> None:
    """Its `Retry-After` is heard."""
    assert deploy(lambda now: Answer(503, "warming up", later=40) if now < 30 else NEW)[-1] >= 30


@pytest.mark.parametrize(("later", "given"), [(5, 5), (40, 40), (3600, 60)])
def test_time_that_is_asked_for_has_an_end(
    provider: Driver, deploy: Callable[..., list[float]], later: int, given: int
) -> None:
    """A minute at most; the five seconds that the application asks for without its database change nothing."""
    assert "HTTP 503" in failure(provider, deploy, lambda now: Answer(503, "warming up", later=later))
    assert given <= asked(provider)[-1] - asked(provider)[0] <= given + 3


def test_a_service_in_maintenance_is_deployed_and_not_looked_at(
    provider: Driver, render: FakeRender, service: Kept, deploy: Callable[..., list[float]]
) -> None:
    """Render's page is all that anybody sees, for as long as somebody wants it."""
    details = render.things["services"][service.id].setdefault("serviceDetails", {})
    details["maintenanceMode"] = {"enabled": True, "uri": ""}

    assert deploy(lambda now: Answer(503, "Down for maintenance")) == []

    assert "web is in maintenance mode" in str(provider.said)
