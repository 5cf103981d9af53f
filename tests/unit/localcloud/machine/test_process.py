"""Processes can be found and ended by a later command."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from localcloud.machine import process
from tests.support.waiting import eventually

FORKS = """
import os, sys, time
if os.fork() == 0:
    open(sys.argv[1], "w").write(str(os.getpid()))
time.sleep(60)
"""


LEAVES_ITS_GROUP = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    open(sys.argv[1], "w").write(str(os.getpid()))
time.sleep(60)
"""


HEARS_THE_SECOND = """
import signal, sys
def first(*_):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))
signal.signal(signal.SIGTERM, first)
print("ready", flush=True)
while True:
    signal.pause()
"""


@pytest.fixture(autouse=True)
def _root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))


def test_a_process_is_found_by_its_name_and_forgotten_when_it_is_ended(tmp_path: Path) -> None:
    """`find` knows what runs; after `stop` it does not."""
    made, _ = process.spawn("sleeper", ["sleep", "60"], log=tmp_path / "log")

    assert process.find("sleeper") == made
    process.stop(made)
    assert process.find("sleeper") is None
    assert not psutil.pid_exists(made.pid) or psutil.Process(made.pid).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize(("again", "code"), [(True, 5), (False, -signal.SIGKILL)])
def test_our_own_are_asked_again_and_an_app_once(tmp_path: Path, *, again: bool, code: int) -> None:
    """Who ends at the second signal only: one is asked each second, the other killed when its time is over."""
    log = tmp_path / "log"
    made, popen = process.spawn("hears", [sys.executable, "-c", HEARS_THE_SECOND], log=log)
    eventually(lambda: log.read_text() == "ready\n", "the program listens")

    process.stop(made, seconds=3, again=again)

    assert popen.wait(10) == code
    assert process.find("hears") is None


def test_what_a_process_forked_is_ended_with_it_also_after_it_was_killed(tmp_path: Path) -> None:
    """A killed leader leaves its children in the group; `stop_all` ends them."""
    child_file = tmp_path / "child"
    made, popen = process.spawn("parent", [sys.executable, "-c", FORKS, str(child_file)], log=tmp_path / "log")
    while not (child_file.exists() and child_file.read_text()):
        assert popen.poll() is None
    child = psutil.Process(int(child_file.read_text()))
    os.kill(made.pid, signal.SIGKILL)
    popen.wait()

    assert process.find("parent") is None
    assert process.stop_all() == ["parent"]
    assert psutil.wait_procs([child], timeout=5)[1] == []


def test_a_child_that_left_the_group_still_belongs_to_its_parent(tmp_path: Path) -> None:
    """Each process counts once, with the nearest that was written down."""
    child_file = tmp_path / "child"
    made, popen = process.spawn("db", [sys.executable, "-c", LEAVES_ITS_GROUP, str(child_file)], log=tmp_path / "log")
    other, _ = process.spawn("other", ["sleep", "60"], log=tmp_path / "log")
    while not (child_file.exists() and child_file.read_text()):
        assert popen.poll() is None
    child = int(child_file.read_text())

    families = process.families()

    assert {name: sorted(one.pid for one in found) for name, found in families.items()} == {
        "db": sorted([made.pid, child]),
        "other": [other.pid],
    }
    os.kill(child, signal.SIGKILL)
    assert sorted(process.stop_all()) == ["db", "other"]


def test_a_stranger_with_the_same_pid_is_left_alone(tmp_path: Path) -> None:
    """A pid that was given to another process since does not make that process ours."""
    stranger, popen = process.spawn("stranger", ["sleep", "60"], log=tmp_path / "log")
    old = process.Process("old", stranger.pid, stranger.started - 100)

    process.stop(old, seconds=0.2)

    assert not old.alive
    assert popen.poll() is None
    process.stop(stranger)


def test_everything_is_ended_and_the_named_ones_last(tmp_path: Path) -> None:
    """A database outlives what writes to it."""
    for name in ("database", "app", "worker"):
        process.spawn(name, ["sleep", "60"], log=tmp_path / "log")

    assert process.stop_all(last=("database",)) == ["app", "worker", "database"]
    assert process.running() == []
