"""A release that can't serve is never healthy, and tells why: at /health/ while it lasts, and as its last words."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.app_process import AppProcess, copy_of_app, run, variables
from tests.support.postgres_cluster import PostgresCluster, rows

SECRET = "invented-and-never-told"
MIDDLEWARE = '"django.middleware.clickjacking.XFrameOptionsMiddleware",\n'
SIGNED_IN = """
class Broken:
    def __init__(self, get_response):
        self.get_response = get_response
    def __call__(self, request):
        if request.user.is_authenticated:
            raise RuntimeError("signed in")
        return self.get_response(request)
"""


@dataclass(frozen=True)
class Broken:
    """A release with something wrong in it: what is added to a file, or put instead of a part of it."""

    name: str
    file: str
    text: str
    reason: str
    instead_of: str = ""
    also: tuple[str, str, str] | None = None
    env: dict[str, str] = field(default_factory=dict)

    def make(self, folder: Path) -> Path:
        """The release, in a folder."""
        app = copy_of_app(folder / "app")
        _change(app / self.file, self.instead_of, self.text)
        if self.also:
            file, instead_of, text = self.also
            _change(app / file, instead_of, text)
        return app


def _change(path: Path, instead_of: str, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text() if path.exists() else ""
    assert instead_of in before
    path.write_text(before.replace(instead_of, text, 1) if instead_of else before + text)


RAISE = '\nraise RuntimeError("broken release")\n'
BROKEN = (
    Broken("settings", "cams/settings.py", RAISE, "loading the application: RuntimeError: broken release"),
    Broken("urls", "cams/urls.py", RAISE, "loading every address: RuntimeError: broken release (cams/urls.py:"),
    Broken("view module", "exams/views.py", RAISE, "loading every address: RuntimeError: broken release (exams/v"),
    Broken("model", "exams/models.py", RAISE, "loading the application: RuntimeError: broken release (exams/models"),
    Broken("error page", "cams/urls.py", '\nhandler403 = "cams.errors.none"\n', "every address: ViewDoesNotE"),
    Broken("template", "cams/templates/cams/a.html", "{% if %}", "compiling every template: TemplateSyntaxError: "),
    Broken(
        "a check of Django's",
        "exams/admin.py",
        'list_display = ("nothing",',
        "running Django's checks: admin.E108: ",
        instead_of='list_display = ("title",',
    ),
    Broken("middleware", "cams/serving_time.py", RAISE, "loading the middleware: RuntimeError: broken release",
           also=("cams/settings.py", MIDDLEWARE, f'{MIDDLEWARE}    "cams.serving_time.Broken",\n')),
    Broken(
        "only on GET",
        "exams/views.py",
        "_list(request: HttpRequest) -> HttpResponse:\n    1 / 0\n",
        "GET /api/exams/: answers 500, ZeroDivisionError: division by zero (exams/views.py:",
        instead_of="_list(request: HttpRequest) -> HttpResponse:\n",
    ),
    Broken(
        "only on POST",
        "exams/schedule.py",
        "        exam.follow_clock()\n        1 / 0\n        exam.save()\n",
        "POST /api/exams/: answers 500, ZeroDivisionError: division by zero (exams/schedule.py:",
        instead_of="        exam.follow_clock()\n        exam.save()\n",
    ),
    Broken(
        "only the one that was made",
        "exams/views.py",
        "    return JsonResponse(to_document(exam), status=205)\n",
        ": answers 205 and not 200",
        instead_of="    return JsonResponse(to_document(exam))\n",
    ),
    Broken("only for signed-in users", "cams/signed_in.py", SIGNED_IN,
           "GET /admin/ of a signed-in user: answers 500, RuntimeError: signed in (cams/signed_in.py:",
           also=("cams/settings.py", MIDDLEWARE, f'{MIDDLEWARE}    "cams.signed_in.Broken",\n')),
    Broken(
        "one address of the admin",
        "exams/admin.py",
        "    def get_search_results(self, *_):\n        1 / 0\n\n    def save_model",
        "GET /admin/exams/exam/ of a signed-in user: answers 500, ZeroDivisionError",
        instead_of="    def save_model",
    ),
    Broken("a missing variable", "exams/views.py", '\nimport os\nos.environ["PAYMENT_KEY"]\n',
           "loading every address: KeyError: 'PAYMENT_KEY'"),
    Broken("a secret in its words", "exams/views.py", '\nimport os\nraise ValueError(os.environ["PAYMENT_KEY"])\n',
           "loading every address: ValueError: *** (exams/views.py:", env={"PAYMENT_KEY": SECRET}),
    Broken("a column that is not there", "exams/models.py", "    room = models.TextField()\n    class Meta:\n",
           "GET /api/exams/: answers 500, ProgrammingError: column exams_exam.room does not exist",
           instead_of="    class Meta:\n"),
    Broken("hangs as it is loaded", "exams/models.py", "\nimport time\ntime.sleep(600)\n",
           "loading the application: not finished within 8 s, it hangs in exams/models.py:",
           env={"START_STEP_TIMEOUT_SEC": "8"}),
    Broken("hangs in a request", "exams/views.py",
           "    import time\n    time.sleep(600)\n    problems: dict[str, list[str]] = {}\n",
           "GET /api/exams/: not finished within 8 s, it hangs in exams/views.py:",
           instead_of="    problems: dict[str, list[str]] = {}\n", env={"START_STEP_TIMEOUT_SEC": "8"}),
    Broken("only in a web worker", "exams/views.py",
           "    import os, time\n    1 / (os.getppid() - GIVEN)\n    problems: dict[str, list[str]] = {}\n",
           "GET /api/exams/: answers 500, ZeroDivisionError",
           instead_of="    problems: dict[str, list[str]] = {}\n",
           also=("exams/views.py", "\nPAGE", "\nimport os\nGIVEN = os.getpid()\nPAGE")),
    Broken("no storage of that name", "cams/settings.py", '\nSTORAGES["default"]["BACKEND"] = "cams.none.Storage"\n',
           "loading the storages: InvalidStorageError: "),
    Broken("no cache of that kind", "cams/cache.py", RAISE, "RuntimeError: broken release (cams/cache.py:",
           env={"REDIS_URL": "redis://127.0.0.1:1"}),
)  # fmt: skip


@pytest.fixture(scope="module")
def migrated(cluster: PostgresCluster, home: Path) -> str:
    """A database at the release's migrations."""
    url = cluster.new_database()
    assert run("start.py", "migrate", env=variables(url, home)).returncode == 0
    return url


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_what_cannot_serve_is_never_healthy(broken: Broken, migrated: str, home: Path, tmp_path: Path) -> None:
    """Each way to be broken is told at /health/ as failed, with the reason, which is the last thing said as well."""
    env = variables(migrated, home, START_FAILED_WAIT_SEC="1", **broken.env)
    web = AppProcess("web", env, tmp_path / "log", broken.make(tmp_path))
    try:
        heard = web.told()
    finally:
        web.end()

    log = web.log.read_text()
    failed = [body["reason"] for body in heard if body["status"] == "failed"]
    assert failed, log
    assert {broken.reason in reason for reason in failed} == {True}, failed
    assert web.process.returncode == 1
    assert broken.reason in log.rpartition("\ncannot s")[2]
    assert log.rstrip().splitlines()[-1].startswith("hint: ")
    assert SECRET not in str(heard) + log.rpartition("\ncannot s")[2]
    assert rows(migrated, "SELECT (SELECT count(*) FROM auth_user), (SELECT count(*) FROM exams_exam)") == [(0, 0)]
