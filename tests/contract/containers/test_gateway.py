"""The gateway as the real Caddy runs it: static files from the volume, everything else to the application."""

from __future__ import annotations

import os
import runpy
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest
import requests

from tests.support.postgres_cluster import free_port
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[3]
CADDYFILE = ROOT / "deploy/gateway/Caddyfile"
CADDY = ROOT / ".venv/bin/caddy"
CONTACT = {
    "MAINTENANCE_CONTACT_EMAIL": "help@example.org",
    "MAINTENANCE_CONTACT_LABEL": 'The <exam> & "marks" office',
    "MAINTENANCE_CONTACT_LINK": "https://status.example.org/?a=1&b=2",
}


class Application(BaseHTTPRequestHandler):
    """Says which path it was asked for, and by which scheme the client came."""

    def do_GET(self) -> None:
        """200 and the path."""
        body = f"{self.path} {self.headers['X-Forwarded-Proto']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def upstream() -> int:
    """The port that the application has, or will have."""
    return free_port()


@pytest.fixture
def allowed() -> str:
    """Who passes in maintenance: nobody of this machine."""
    return "203.0.113.0/24 198.51.100.7/32"


@pytest.fixture
def gateway(tmp_path: Path, upstream: int, allowed: str) -> Iterator[str]:
    """The gateway's address, with a static file in two forms."""
    static = tmp_path / "srv/static"
    static.mkdir(parents=True)
    (static / "base.0123456789ab.css").write_text("plain")
    (static / "base.0123456789ab.css.br").write_bytes(brotli.compress(b"packed"))
    for private in (".collected", ".lock", "staticfiles.json"):
        (static / private).write_text("private")
    port = free_port()
    environment = {
        "PATH": os.defpath,
        "HOME": str(tmp_path),
        "SITE_ADDRESS": f"http://127.0.0.1:{port}",
        "UPSTREAM": f"127.0.0.1:{upstream}",
        "STATIC": str(tmp_path / "srv"),
        "MAINTENANCE": str(tmp_path / "flags"),
        "MAINTENANCE_PAGE": str(ROOT / "app/maintenance"),
        "MAINTENANCE_ALLOW": allowed,
        **CONTACT,
    }
    (tmp_path / "flags").mkdir()
    # Without the admin's port, which is one for the whole machine; and on loopback alone.
    config = tmp_path / "Caddyfile"
    config.write_text("{\n\tadmin off\n\tdefault_bind 127.0.0.1\n}\n" + CADDYFILE.read_text())
    with (tmp_path / "caddy.log").open("wb") as log:
        process = subprocess.Popen(
            [CADDY, "run", "--config", config, "--adapter", "caddyfile"], env=environment, stdout=log, stderr=log
        )
    try:
        eventually(lambda: _listens(port), "the gateway listens")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def application(upstream: int) -> Iterator[None]:
    """It answers."""
    server = ThreadingHTTPServer(("127.0.0.1", upstream), Application)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def _listens(port: int) -> bool:
    try:
        requests.get(f"http://127.0.0.1:{port}/static/base.0123456789ab.css", timeout=5)
    except requests.ConnectionError:
        return False
    return True


def test_the_file_is_valid() -> None:
    """As it stands, with what it takes where nothing is set."""
    done = subprocess.run(
        [CADDY, "validate", "--adapter", "caddyfile", "--config", CADDYFILE],
        env={"PATH": os.defpath, "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "not formatted" not in done.stderr


def test_static_files_come_from_the_volume(gateway: str) -> None:
    """For a year, in the form that they were compressed to, also while no application answers."""
    path = f"{gateway}/static/base.0123456789ab.css"

    plain = requests.get(path, headers={"Accept-Encoding": "identity"}, timeout=20)
    packed = requests.get(path, headers={"Accept-Encoding": "br"}, timeout=20)

    assert (plain.status_code, plain.text) == (200, "plain")
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (packed.headers["Content-Encoding"], packed.text) == ("br", "packed")


@pytest.mark.usefixtures("application")
@pytest.mark.parametrize(
    "path",
    [
        *("/", "/api/health/", "/assets/app.0123456789.js", "/static/missing.css"),
        *("/static/.collected", "/static/.lock", "/static/staticfiles.json", "/static/base.0123456789ab.css.br"),
    ],
)
def test_everything_else_is_the_applications(gateway: str, path: str) -> None:
    """Also a static file that is not there, and what is in the folder and nobody's business."""
    answer = requests.get(f"{gateway}{path}", timeout=20)

    assert (answer.status_code, answer.text) == (200, f"{path} http")


def test_a_request_waits_while_the_application_is_replaced(gateway: str, upstream: int) -> None:
    """It is not there when the request comes, and answers it all the same."""
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(requests.get(f"{gateway}/", timeout=20).status_code))
    asking.start()
    asking.join(0.5)  # time enough for a refusal
    waiting = asking.is_alive()
    server = ThreadingHTTPServer(("127.0.0.1", upstream), Application)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    asking.join(20)
    server.shutdown()
    serving.join()
    server.server_close()

    assert (waiting, answers) == (True, [200])


@pytest.fixture
def maintenance(gateway: str, tmp_path: Path) -> str:
    """The gateway, with the flag that scripts/maintenance.sh puts there; no application runs."""
    (tmp_path / "flags/on").touch()
    return gateway


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("POST", "/login/"), ("GET", "/static/base.0123456789ab.css")]
)
def test_maintenance_shows_the_page(maintenance: str, method: str, path: str) -> None:
    """For everything, whole, with when to come back, and kept by nobody."""
    odd = {"If-None-Match": "*", "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT", "Range": "bytes=0-3"}

    answer = requests.request(method, f"{maintenance}{path}", headers=odd, timeout=20)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "We are down for maintenance" in answer.text


def test_the_page_of_the_gateway_is_the_one_of_the_static_site(maintenance: str) -> None:
    """One template, two that fill it in: the same to the last sign, escapes and all."""
    build = runpy.run_path(str(ROOT / "app/maintenance/build.py"))
    template = (ROOT / "app/maintenance/index.html").read_text()

    assert requests.get(maintenance, timeout=20).text == build["rendered"](template, CONTACT)


@pytest.mark.parametrize(
    ("path", "accept"),
    [("/api/exams/", "*/*"), ("/graphql", "*/*"), ("/anything", "text/plain, application/json;q=0.9")],
)
def test_api_clients_get_a_problem_document(maintenance: str, path: str, accept: str) -> None:
    """By where they ask, or by what they take."""
    answer = requests.post(f"{maintenance}{path}", json={}, headers={"Accept": accept}, timeout=20)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.json()["status"], answer.json()["title"]) == (503, "Down for maintenance")


@pytest.mark.usefixtures("application")
@pytest.mark.parametrize("allowed", ["203.0.113.0/24 127.0.0.1/32"])
def test_the_operator_passes(maintenance: str) -> None:
    """Who comes from a named address sees the application, static files and all."""
    assert requests.get(f"{maintenance}/api/health/", timeout=20).text == "/api/health/ http"
    assert requests.get(f"{maintenance}/static/base.0123456789ab.css", timeout=20).status_code == 200


@pytest.mark.usefixtures("application")
def test_maintenance_ends_with_its_flag(maintenance: str, tmp_path: Path) -> None:
    """At once, and nothing is loaded for it."""
    before = requests.get(maintenance, timeout=20).status_code
    (tmp_path / "flags/on").unlink()

    assert (before, requests.get(maintenance, timeout=20).status_code) == (503, 200)


def test_a_request_in_flight_is_answered(gateway: str, upstream: int, tmp_path: Path) -> None:
    """It had begun before the maintenance did."""
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(requests.get(f"{gateway}/", timeout=20).status_code))
    asking.start()
    asking.join(0.5)
    (tmp_path / "flags/on").touch()
    during = requests.get(gateway, timeout=20).status_code
    server = ThreadingHTTPServer(("127.0.0.1", upstream), Application)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    asking.join(20)
    server.shutdown()
    serving.join()
    server.server_close()

    assert (during, answers) == (503, [200])
