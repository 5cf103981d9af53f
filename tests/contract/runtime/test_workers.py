"""Workers of the local Render runtime: they have no port that could be asked whether they are up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud.machine import process
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.protocols import Runtime
from tests.support.runtime import release, running, worker


@pytest.fixture(scope="module")
def runtime(carrier: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """One runtime for all tests of this module; each uses services of its own."""
    with running(tmp_path_factory.mktemp("cloud")) as made:
        yield made


def test_a_worker_needs_no_port(runtime: Runtime, tmp_path: Path) -> None:
    """A worker is up when it stays alive; it gets no PORT and no public server."""
    what = release(tmp_path, "w", "import os, time; print('PORT' in os.environ, flush=True); time.sleep(600)")

    runtime.instances.start(worker("srv-work", what))
    runtime.instances.switch("srv-work", "dep-1")

    assert [line.text for line in runtime.logs.read("srv-work", limit=10)] == ["False"]
    assert process.find("edge-srv-work") is None
    runtime.remove_service("srv-work")
    assert runtime.logs.read("srv-work", limit=10) == []


def test_a_worker_that_takes_long_to_fail_is_not_taken_for_one_that_works(runtime: Runtime, tmp_path: Path) -> None:
    """As long as it is busy with its start it may still end, as one does that imports much and then raises."""
    text = "import sys, time\nwhile time.process_time() < 1.5: pass\nsys.exit('no such setting')"
    slow = release(tmp_path, "w", text)

    with pytest.raises(RuntimeFailure, match="it ended with exit code 1") as failure:
        runtime.instances.start(worker("srv-late", slow))

    assert failure.value.lines == ["no such setting"]


def test_a_worker_that_is_always_busy_is_up_all_the_same(runtime: Runtime, tmp_path: Path) -> None:
    """One that finds work at once never rests."""
    busy = release(tmp_path, "w", "while True: pass")

    runtime.instances.start(worker("srv-busy", busy))

    assert [one.healthy for one in runtime.instances.of("srv-busy")] == [True]
    runtime.remove_service("srv-busy")
