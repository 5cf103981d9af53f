"""What is asked of a deployed service over HTTP, and what is understood of its answer."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from render_provider.provider.probe import Answer, fetch

PAGES = {
    "/old": (301, {"Location": "/new"}, ""),
    "/new": (200, {}, '{"instance": "srv-1-abcde", "version": "v1"}'),
    "/later": (503, {"Retry-After": "7"}, "warming up"),
    "/list": (200, {}, "[1]"),
}


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.peers.append(self.client_address)  # type: ignore[attr-defined] # set by the fixture
        status, headers, text = PAGES[self.path]
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Silent."""


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as made:
        made.peers = []  # type: ignore[attr-defined] # who has asked
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "answer", "instance"),
    [
        ("/new", Answer(200, PAGES["/new"][2]), "srv-1-abcde"),
        ("/old", Answer(200, PAGES["/new"][2], first=301), "srv-1-abcde"),
        ("/later", Answer(503, "warming up", later=7), ""),
        ("/list", Answer(200, "[1]"), ""),
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
