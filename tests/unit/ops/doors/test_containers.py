"""A container engine's API, as a socket speaks it."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from console.errors import ExplainedError
from ops.doors.containers import Container, Engine

STATES: dict[str, dict[str, Any]] = {
    "a": {"Running": True, "Health": {"Status": "starting"}},
    "b": {"Running": True},
    "c": {"Running": False, "Health": {"Status": "healthy"}},
}


class Handler(BaseHTTPRequestHandler):
    """Knows three containers of one service; one cannot be started."""

    asked: list[str]

    def do_GET(self) -> None:
        """The list by labels, or one."""
        parts = urlsplit(self.path)
        if parts.path == "/containers/json":
            labels = json.loads(parse_qs(parts.query)["filters"][0])["label"]
            mine = labels == ["com.docker.compose.project=cams", "com.docker.compose.service=web"]
            self._answer(200, [{"Id": key} for key in STATES] if mine else [])
        else:
            key = parts.path.split("/")[2]
            self._answer(200, {"Id": key, "State": STATES[key]})

    def do_POST(self) -> None:
        """Done, done already, or refused."""
        self.server.asked.append(self.path)  # type: ignore[attr-defined] # ours
        if "/start" in self.path and "/c/" in self.path:
            self._answer(500, {"message": "port is already allocated"})
        else:
            self._answer(304 if "/b/" in self.path else 204, None)

    def _answer(self, status: int, body: Any) -> None:
        said = json.dumps(body).encode() if body is not None else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def address_string(self) -> str:
        """A socket has none."""
        return ""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[tuple[Engine, list[str]]]:
    """Behind a socket in a folder; what was posted to it."""
    path = tmp_path / "docker.sock"
    with socketserver.ThreadingUnixStreamServer(str(path), Handler) as server:
        server.asked = []  # type: ignore[attr-defined] # ours
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Engine(f"unix://{path}"), server.asked  # type: ignore[attr-defined] # ours
        server.shutdown()
        thread.join()


def test_containers_are_found_by_compose_labels(engine: tuple[Engine, list[str]]) -> None:
    """Healthy is what runs and whose health check, if it has one, says so."""
    found = engine[0].containers("cams", "web")

    assert found == [
        Container("a", running=True, healthy=False),
        Container("b", running=True, healthy=True),
        Container("c", running=False, healthy=False),
    ]
    assert engine[0].containers("cams", "moon") == []


def test_containers_are_stopped_within_a_time_and_started(engine: tuple[Engine, list[str]]) -> None:
    """What is so already is no error; what is refused is told in the engine's words."""
    door, asked = engine

    door.stop("a", 29.6)
    door.start("b")
    with pytest.raises(ExplainedError, match="the container engine refuses: port is already allocated"):
        door.start("c")

    assert asked == ["/containers/a/stop?t=30", "/containers/b/start", "/containers/c/start"]


def test_an_engine_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the variable that names it."""
    for address in (f"unix://{tmp_path}/none.sock", "tcp://127.0.0.1:1"):
        with pytest.raises(ExplainedError, match=r"cannot reach the container engine at .*\n\nhint: DOCKER_HOST"):
            Engine(address).containers("cams", "web")
