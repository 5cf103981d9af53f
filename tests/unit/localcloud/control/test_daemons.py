"""What is said of a daemon that does not answer."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.errors import ExplainedError
from localcloud.control import daemons, services
from localcloud.machine import process
from localcloud.machine.ports import HOST, port
from localcloud.machine.process import Process


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A local cloud in a folder of the test's own, whose daemons are given no time."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))
    monkeypatch.setattr(daemons, "READY_SECONDS", 0.0)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of the local Render, for instance this one."""
    monkeypatch.setattr(process, "find", lambda name: Process(name, os.getpid(), 0.0))


@pytest.fixture
def another() -> Iterator[http.server.ThreadingHTTPServer]:
    """A server that is not ours and answers 200 to everything, as a proxy's error page may."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"<html>")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer((HOST, port("render")), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def told() -> str:
    with pytest.raises(ExplainedError) as caught:
        daemons._wait("render")
    return str(caught.value)


@pytest.mark.usefixtures("runs")
def test_one_that_runs_and_cannot_be_asked_is_not_called_dead() -> None:
    """Its pid, its address and the reason are said; nothing is to be thrown away."""
    assert told() == (
        f"the local render runs (pid {os.getpid()}) but cannot be asked at 127.0.0.1:{port('render')}: "
        "[Errno 111] Connection refused, for 0 s\n\nhint: ./slipway local logs render"
    )


@pytest.mark.usefixtures("runs", "another")
def test_a_stranger_in_its_place_is_quoted() -> None:
    """Whatever stands between, its words tell what it is."""
    assert "cannot be asked at 127.0.0.1" in (said := told())
    assert "it answers '<html>', for 0 s" in said


@pytest.mark.parametrize(
    ("log", "why"),
    [("one\ntwo\n", "its last lines in {log}:\none\ntwo"), ("", "it ended and said nothing")],
    ids=["with a log", "without"],
)
def test_one_that_ended_shows_its_last_words(log: str, why: str) -> None:
    """And the way on is the same command."""
    daemons.log("render").write_text(log)

    expected = why.format(log=daemons.log("render"))
    assert (
        told()
        == f"the local render did not start: {expected}\n\nhint: mend what they say and run the same command again"
    )


def test_last_words_with_a_hint_have_no_second_one() -> None:
    """Whoever said them knows best."""
    daemons.log("render").write_text("error: cannot read it: it is newer\n\nhint: use the newer one\n")

    assert told().endswith(":\nerror: cannot read it: it is newer\n\nhint: use the newer one")


@pytest.mark.parametrize(
    ("running", "hint"), [(True, "./slipway local logs render"), (False, "./slipway local start")]
)
def test_a_question_without_an_answer_has_a_hint_that_fits(
    running: bool, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that runs is looked into, one that does not is started."""
    monkeypatch.setattr(process, "find", lambda name: Process(name, 1, 0.0) if running else None)

    with pytest.raises(ExplainedError) as caught:
        services.get("/services", {})

    assert str(caught.value) == f"cannot ask the local Render: [Errno 111] Connection refused\n\nhint: {hint}"
