"""The log of a service."""

from __future__ import annotations

from pathlib import Path

import pytest

from localcloud.render.runtime.logs import files as logging
from localcloud.render.runtime.logs.files import FileLogs


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileLogs:
    """An empty log."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))
    return FileLogs()


def test_lines_come_in_order_with_times_of_their_own(logs: FileLogs) -> None:
    """Builds and instances share one order; no two lines have the same time."""
    logs.append("srv", "building\nstill", type="build", instance="dep-1")
    with logs.follow("srv", "srv-a").open("a") as file:
        file.write("hello\tworld\nhalf")
        file.flush()
        first = logs.read("srv", limit=10)
        file.write(" line\n")
    second = logs.read("srv", limit=2)

    assert [line.text for line in first] == ["building", "still", "hello\tworld"]
    assert [(line.text, line.instance, line.type) for line in second] == [
        ("hello\tworld", "srv-a", "app"),
        ("half line", "srv-a", "app"),
    ]
    times = [line.timestamp for line in [*first, second[1]]]
    assert times == sorted(set(times))


def test_an_ended_instance_leaves_its_last_words(logs: FileLogs) -> None:
    """Also a line without an end is kept; the instance's own file is gone."""
    path = logs.follow("srv", "srv-a")
    path.write_text("last words")

    logs.finish("srv", "srv-a")

    assert [line.text for line in logs.read("srv", limit=10)] == ["last words"]
    assert not path.exists()


def test_files_have_a_limit(logs: FileLogs, monkeypatch: pytest.MonkeyPatch) -> None:
    """An instance that writes on and on fills neither its own file nor the service's log; the newest lines stay."""
    monkeypatch.setattr(logging, "LARGEST_RAW", 1000)
    monkeypatch.setattr(logging, "LARGEST_LOG", 5000)
    path = logs.follow("srv", "srv-a")

    with path.open("ab") as file:  # as a process does
        for number in range(300):
            file.write(b"%d %s\n" % (number, b"x" * 100))
            file.flush()
            logs.collect()

    sizes = sum(one.stat().st_size for one in path.parent.iterdir())
    assert sizes < 20_000
    assert [line.text.split()[0] for line in logs.read("srv", limit=3)] == ["297", "298", "299"]
