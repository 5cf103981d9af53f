"""A new release replaces the old one without a failed request; one that is broken never gets one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.steady import Steady
from tests.support.world import Environment, World, assert_nothing_to_do

MANY = 100  # requests that a release has to stand


@dataclass(frozen=True)
class Break:
    """An edit of the application, and what of it has to be read in the error."""

    file: str
    old: str
    new: str
    words: tuple[str, ...]


BREAKS = {
    "raises in its URLs": Break(
        "app/cams/urls.py",
        'handler500 = "cams.errors.server_error"',
        'raise RuntimeError("the examiner has lost her glasses")',
        ("update failed", "the examiner has lost her glasses"),
    ),
    "raises at start": Break(
        "app/cams/asgi.py",
        "application = get_asgi_application()",
        'raise RuntimeError("the examiner has lost her glasses")',
        ("update failed", "the examiner has lost her glasses"),
    ),
    "fails its health check": Break(
        "app/cams/health.py",
        'return JsonResponse(body, headers={"Cache-Control": "no-store"})',
        'return JsonResponse({"status": "ill"}, status=500)',
        ("update failed", "/health/", "500"),
    ),
    "fails its migration": Break(
        "app/exams/migrations/0002_broken.py",
        "",
        "from django.db import migrations\n\n\n"
        "class Migration(migrations.Migration):\n"
        '    dependencies = [("exams", "0001_initial")]\n'
        '    operations = [migrations.RunSQL("alter table of_nobody add column x int")]\n',
        ("pre deploy failed", 'relation "of_nobody" does not exist'),
    ),
}


class App:
    """The application in the checkout, which is what staging runs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.edited = False

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text in a file; without one, write a new file."""
        self.edited = True
        path = self.world.checkout.folder / file
        if old:
            text = path.read_text()
            assert old in text
            path.write_text(text.replace(old, new))
        else:
            path.write_text(new)

    def restore(self) -> None:
        """Make it as it was."""
        self.world.checkout.run("git", "checkout", "--quiet", "--", "app", check=True)
        self.world.checkout.run("git", "clean", "--quiet", "--force", "-d", "app", check=True)

    def mend(self) -> None:
        """The same, and let that run."""
        self.restore()
        self.world.slipway_up("staging")
        self.edited = False


@pytest.fixture
def app(world: World, staging: Environment) -> Iterator[App]:
    """To be edited; afterwards it is as it was, and so is what runs."""
    found = App(world)
    yield found
    if found.edited:
        found.mend()


def test_an_edit_is_live_and_no_request_fails(world: World, staging: Environment, app: App) -> None:
    """After an edit, `./slipway up staging` serves another digest; every request meanwhile is answered 200."""
    before = staging.health()["version"]
    app.edit("app/cams/health.py", '"status": status,', '"status": status, "edited": "yes",')

    with Steady(f"{staging.url}/api/health/") as steady:
        world.slipway_up("staging")
        after = staging.health()
        steady.more(MANY)

    assert after["edited"] == "yes"
    assert after["version"] != before
    assert after["version"] == staging.image().partition("@")[2]
    assert set(steady.answers) == {"200"}
    assert steady.count >= 2 * MANY
    assert set(steady.versions) == {before, after["version"]}
    assert world.checkout.changes() == " M app/cams/health.py\n"
    assert_nothing_to_do(staging)


def test_no_broken_release_ever_serves(world: World, staging: Environment, app: App) -> None:
    """One after the other: `up` fails with the app's own last lines, the old one serves; mended, the app comes up."""
    before = staging.health()["version"]

    with Steady(f"{staging.url}/api/health/") as steady:
        for what, fault in BREAKS.items():
            app.edit(fault.file, fault.old, fault.new)
            failed = world.slipway_up("staging", check=False)
            steady.more(MANY)

            assert failed.returncode == 1, what
            for words in fault.words:
                assert words in failed.stderr, what
            assert "the release before it keeps serving" in failed.stderr, what
            hint = "\n\nhint: what is done is kept; once the cause is mended: ./slipway up staging"
            assert hint in failed.stderr, what
            assert before not in staging.image(), what  # it is the broken one that was asked for
            assert set(steady.answers) == {"200"}, what
            assert set(steady.versions) == {before}, what
            app.restore()

    assert steady.count >= len(BREAKS) * MANY

    app.mend()

    mended = staging.health()
    assert (mended["status"], mended["version"], mended["migrations"]) == ("ok", before, [])
    assert before in staging.image()


def test_a_release_that_is_broken_where_no_check_looks_ends_the_wait(
    world: World, staging: Environment, app: App
) -> None:
    """It proves itself and fails for visitors: `up` says so within seconds, and goes back."""
    before = staging.health()["version"]
    begins = "def api_health(_request: HttpRequest) -> JsonResponse:\n"
    raises = 'if "requests" in _request.headers.get("User-Agent", ""): raise RuntimeError("the examiner is blind")'
    app.edit("app/cams/health.py", begins, f"{begins}    {raises}\n")

    failed = world.slipway_up("staging", check=False)

    assert failed.returncode == 1
    assert f"was refused and is rolled back: {staging.url}/api/health/ does not show sha256:" in failed.stderr
    assert re.search(r"HTTP 500, \d+ times in [5-9] s: ", failed.stderr)
    assert "RuntimeError: the examiner is blind" in failed.stderr
    assert staging.health()["version"] == before

    app.mend()

    assert staging.health()["status"] == "ok"


def test_a_worker_that_dies_after_its_start_is_refused_and_the_one_before_works_again(
    world: World, staging: Environment, app: App
) -> None:
    """Render calls it live at once; its crash is seen, told with its last words, and it is rolled back."""
    worker = world.render.service("cams-staging-worker")
    path = f"/services/{worker['id']}/deploys"
    [before] = [one for one in world.render.all(path, "deploy") if one["status"] == "live"]
    begins = "def worker(environment: Environment) -> None:\n"
    app.edit(
        "app/start.py", begins, f"{begins}    import time\n    time.sleep(3)\n    raise RuntimeError('too tired')\n"
    )

    failed = world.checkout.run("./slipway", "up", "staging", environment={"SLIPWAY_WATCH_SECONDS": "10"})

    newest = world.render.all(path, "deploy")[0]
    assert failed.returncode == 1
    assert "of cams-staging-worker was refused and is rolled back: its instances " in failed.stderr
    assert "exit code 1, " in failed.stderr
    assert "RuntimeError: too tired" in failed.stderr
    assert f"what serves now: {before['id']} (" in failed.stderr
    assert (newest["trigger"], newest["status"]) == ("rollback", "live")
    assert newest["image"] == before["image"]
