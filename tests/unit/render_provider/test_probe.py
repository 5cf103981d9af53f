"""What is asked of a deployed service over HTTP, and what is understood of its answer."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from render_api.body import LARGEST
from render_provider.provider import probe
from render_provider.provider.probe import Answer, fetch

PAGES = {
    "/old": (301, {"Location": "/new"}, ""),
    "/new": (200, {}, '{"instance": "srv-1-abcde", "version": "v1"}'),
    "/later": (503, {"Retry-After": "7"}, "warming up"),
    "/list": (200, {}, "[1]"),
    "/deep": (200, {}, "[" * 100_000),
    "/circle": (302, {"Location": "/circle"}, ""),
    "/patient": (503, {"Retry-After": "9" * 5000}, "later"),
    "/cut": (200, {"Content-Length": "1000"}, '{"version": "v1"}'),
    "/strange": (200, {"Content-Type": "text/plain; charset=klingon"}, "text"),
}
ENDLESS = {"/stream": b"x" * 4096, "/dribble": b"."}


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.peers.append(self.client_address)  # type: ignore[attr-defined] # set by the fixture
        if self.path in ENDLESS:
            self._go_on(ENDLESS[self.path])
            return
        status, headers, text = PAGES[self.path]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(text)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def _go_on(self, piece: bytes) -> None:
        """Until nobody listens any more."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"version": "v1"}')
        with suppress(OSError):
            while True:
                self.wfile.write(piece)
                self.server.ended.wait(0 if len(piece) > 1 else 0.02)  # type: ignore[attr-defined] # as above

    def log_message(self, format: str, *arguments: object) -> None:
        """Silent."""


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as made:
        made.peers = []  # type: ignore[attr-defined] # who has asked
        made.ended = threading.Event()  # type: ignore[attr-defined] # nobody asks any more
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.ended.set()  # type: ignore[attr-defined] # as above
        made.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "answer", "instance"),
    [
        ("/new", Answer(200, PAGES["/new"][2]), "srv-1-abcde"),
        ("/old", Answer(200, PAGES["/new"][2], first=301), "srv-1-abcde"),
        ("/later", Answer(503, "warming up", later=7), ""),
        ("/list", Answer(200, "[1]"), ""),
        ("/deep", Answer(200, "[" * 100_000), ""),
        ("/circle", Answer(302, "it redirects in a circle", circular=True), ""),
        ("/patient", Answer(503, "later"), ""),
        ("/strange", Answer(200, "text"), ""),
    ],
)
def test_an_answer_says_what_the_gate_asks_for(
    server: http.server.ThreadingHTTPServer, path: str, answer: Answer, instance: str
) -> None:
    """Its status, its first one, who gave it and when to ask again."""
    got = fetch(f"http://127.0.0.1:{server.server_port}{path}")

    assert got == answer
    assert got.instance == instance


def test_each_answer_comes_on_a_connection_of_its_own(server: http.server.ThreadingHTTPServer) -> None:
    """A kept one would ask the same instance again and again."""
    for _ in range(3):
        fetch(f"http://127.0.0.1:{server.server_port}/new")

    assert len(set(server.peers)) == 3  # type: ignore[attr-defined] # set by the fixture


def test_nobody_is_no_answer() -> None:
    """Nor an error of ours."""
    assert fetch("http://127.0.0.1:1/") is None


def test_an_answer_that_breaks_off_is_none(server: http.server.ThreadingHTTPServer) -> None:
    """Whoever waits for the rest of it has got nothing."""
    assert fetch(f"http://127.0.0.1:{server.server_port}/cut") is None


@pytest.mark.parametrize("path", ENDLESS)
def test_an_answer_without_an_end_is_read_for_a_while(
    server: http.server.ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """A gate that waited for its last byte would never be passed, nor refused."""
    monkeypatch.setattr(probe, "PATIENCE", 0.3)
    began = time.monotonic()

    got = fetch(f"http://127.0.0.1:{server.server_port}{path}")

    assert got is not None
    assert got.text.startswith('{"version": "v1"}')
    assert len(got.text) < LARGEST + 8192
    assert time.monotonic() - began < 5
