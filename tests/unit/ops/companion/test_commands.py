"""`companion` as people and Compose start it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from console.errors import DONE, FAILED, WRONG_USE, ExplainedError
from console.output import Output
from ops.__main__ import main
from ops.companion.opening import opened
from ops.companion.services import OnCompose, OnRender
from ops.context import Context, Doors
from ops.doors.cloud import Cloud
from ops.doors.containers import Container
from tests.support.fake_objects import MemoryObjects

URL = "postgresql://cams:invented@127.0.0.1:1/cams"


class Engine:
    """With one container a service, in memory."""

    def __init__(self) -> None:
        self.running = True

    def containers(self, project: str, service: str) -> list[Container]:
        """Of any service."""
        return [Container(service, running=self.running, healthy=self.running)]

    def stop(self, id: str, seconds: float) -> None:
        """At once."""
        self.running = False

    def start(self, id: str) -> None:
        """At once."""
        self.running = True


@contextmanager
def nowhere(url: str) -> Iterator[Any]:
    """A server that nobody reaches."""
    raise ExplainedError("cannot work on cams", "nobody is there")
    yield


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A companion's variables, in this process."""
    (tmp_path / "drops").mkdir()
    given = {
        "RESTORE_WATCH_DIR": str(tmp_path / "drops"),
        "RESTORE_STATE_FILE": str(tmp_path / "state.json"),
        "RESTORE_SERVICES": "web",
        "RESTORE_PLATFORM": "compose",
        "RESTORE_POLL_INTERVAL": "0.1",
        "RESTORE_STOP_WAIT_SECONDS": "0",
        "DATABASE_URL": URL,
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return given


@pytest.fixture
def context() -> Context:
    """Without any cloud: Compose's companion asks none."""
    engine = Engine()
    doors = replace(
        Doors(),
        choose=lambda **_: Cloud({"RENDER_OWNER_ID": "tea-1"}, is_local=True),
        aws=lambda cloud, region: lambda name: None,
        objects=lambda clients, name: MemoryObjects(name),
        render=lambda cloud, **more: None,  # type: ignore[arg-type] # asked of nobody
        containers=lambda address: engine,  # type: ignore[arg-type, return-value] # in memory
        databases=nowhere,
    )
    return Context(doors, Output(StringIO(), StringIO()))


def test_once_with_nothing_to_do_is_well(environ: dict[str, str], context: Context) -> None:
    """And prints an empty list."""
    code = main(["companion", "staging", "--once", "--json"], context)

    assert (code, context.output.stdout.getvalue()) == (DONE, "[]\n")  # type: ignore[union-attr] # a StringIO


def test_a_dump_that_fails_is_told_with_its_reason(
    environ: dict[str, str], context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    """As data, as an exit code, and in the memory; the service runs again."""
    Path(environ["RESTORE_WATCH_DIR"], "a.sql").write_text("SELECT 1;")

    code = main(["companion", "staging", "--once", "--json"], context)

    (told,) = json.loads(context.output.stdout.getvalue())  # type: ignore[union-attr] # a StringIO
    assert (code, told["outcome"], told["why"]) == (FAILED, "failed", "cannot work on cams: nobody is there")
    assert "not all is well: a.sql was not restored" in capsys.readouterr().err
    assert context.doors.containers("").containers("cams", "web")[0].running
    assert main(["companion", "staging", "--once"], context) == DONE


def test_what_is_missing_is_told_before_anything_is_asked(
    context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    """With exit code 2."""
    code = main(["companion", "staging"], context)

    assert code == WRONG_USE
    assert "RESTORE_WATCH_DIR: missing\n  RESTORE_STATE_FILE: missing" in capsys.readouterr().err


def test_the_platform_decides_who_stops_services(environ: dict[str, str], context: Context) -> None:
    """Compose's engine, or Render."""
    with opened(context, "staging", environ) as one:
        assert isinstance(one.services, OnCompose)
    watched = {"RESTORE_WATCH_DIR": "s3://some-bucket/in", "RESTORE_STATE_FILE": ""}
    at_render = environ | watched | {"RESTORE_PLATFORM": "render"}
    with opened(context, "staging", at_render) as one:
        assert isinstance(one.services, OnRender)
        assert (list(one.queue.found()), one.queue.settles) == ([], False)
        assert one.memory.shared
