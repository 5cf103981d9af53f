"""Instances that end by themselves, told with why; they are started again, later and later."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from localcloud.render.runtime.instances.memory import holds_more_than
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.values import Crash, Recovery
from tests.support.postgres_cluster import free_port
from tests.support.runtime import release, running, worker
from tests.support.waiting import eventually

News = list[Crash | Recovery]
LIVES = "import time\nprint('working', flush=True)\ntime.sleep(600)"
UNTIL_TOLD = """
import socket, sys, time
print("working", flush=True)
while True:
    with socket.socket() as line:
        if line.connect_ex(("127.0.0.1", {port})) == 0:
            break
    time.sleep(0.05)
"""
DIES = UNTIL_TOLD + "sys.exit(3)"
LEAKS = "held = [bytearray(b'x' * 1048576) for _ in range(200)]; time.sleep(600)"
LEAKY = {
    "itself": UNTIL_TOLD + LEAKS,
    "a child": UNTIL_TOLD
    + f"import subprocess\nsubprocess.run([sys.executable, '-c', \"import time; {LEAKS}\"])\ntime.sleep(600)",
}


class Word:
    """What a program waits for: somebody who listens. A file of this machine would not be seen in a container."""

    def __init__(self) -> None:
        self.port = free_port()
        self._line: socket.socket | None = None

    def give(self) -> None:
        """From now on."""
        self._line = socket.create_server(("127.0.0.1", self.port))

    def take_back(self) -> None:
        """Whoever asks now has to wait again."""
        if self._line:
            self._line.close()


@pytest.fixture
def go() -> Iterator[Word]:
    """Not given yet."""
    word = Word()
    yield word
    word.take_back()


@pytest.fixture(scope="module")
def runtime(carrier: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """One runtime for all tests of this module; each uses services of its own."""
    with running(tmp_path_factory.mktemp("cloud")) as made:
        yield made


@pytest.fixture
def news(runtime: Runtime) -> News:
    heard: News = []
    runtime.instances.listen(heard.append)
    return heard


def test_a_worker_that_dies_is_told_and_so_is_its_return(
    runtime: Runtime, tmp_path: Path, news: News, go: Word
) -> None:
    """With its exit code, each time; its log says so, too."""
    runtime.instances.start(worker("srv-loop", release(tmp_path / "app", "w", DIES.format(port=go.port))))
    runtime.instances.switch("srv-loop", "dep-1")
    [instance] = runtime.instances.of("srv-loop")

    go.give()
    eventually(lambda: len(news) >= 2)  # it dies again as soon as it is started again
    go.take_back()
    eventually(lambda: isinstance(news[-1], Recovery))
    texts = [line.text for line in runtime.logs.read("srv-loop", limit=100)]
    runtime.remove_service("srv-loop")

    crash = Crash("srv-loop", instance.id, 3)
    assert news == [*[crash] * (len(news) - 1), Recovery("srv-loop", instance.id)]
    assert texts.count("==> Exited with status 3") == len(news) - 1


@pytest.mark.parametrize("who", LEAKY)
def test_an_instance_that_holds_more_than_its_plan_is_killed_and_told_as_that(
    runtime: Runtime, tmp_path: Path, news: News, go: Word, who: str
) -> None:
    """A leak ends as it does at Render, not with the machine, and not as the death of a child that is replaced."""
    what = release(tmp_path / "app", "w", LEAKY[who].replace("{port}", str(go.port)))
    runtime.instances.start(replace(worker("srv-leak", what), memory_mb=100))
    runtime.instances.switch("srv-leak", "dep-1")
    [instance] = runtime.instances.of("srv-leak")

    go.give()
    eventually(lambda: news)
    texts = [line.text for line in runtime.logs.read("srv-leak", limit=10)]
    runtime.remove_service("srv-leak")

    assert news[0] == Crash("srv-leak", instance.id, 137, 100)
    assert "==> Ran out of memory (used over 100MB)" in texts


@pytest.mark.usefixtures("processes")
def test_what_its_processes_share_counts_once(runtime: Runtime, tmp_path: Path) -> None:
    """Forked processes that hold one memory together are within a limit that their sum would break."""
    text = (
        "import os, time\nheld = b'x' * 60 * 1048576\n"
        "for _ in range(3):\n    if os.fork() == 0: break\nprint('working', flush=True)\ntime.sleep(600)"
    )
    runtime.instances.start(worker("srv-fork", release(tmp_path, "w", text)))
    runtime.instances.switch("srv-fork", "dep-1")
    [instance] = runtime.instances.of("srv-fork")
    eventually(lambda: len(runtime.logs.read("srv-fork", limit=10)) == 4)

    over = [limit for limit in (20, 150) if holds_more_than(instance.pid or 0, limit)]

    runtime.remove_service("srv-fork")
    assert over == [20]


def test_an_instance_that_is_ended_is_no_crash(runtime: Runtime, tmp_path: Path, news: News) -> None:
    """The release before ends with whatever exit code it likes."""
    text = "import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(9))\n" + LIVES
    runtime.instances.start(worker("srv-old", release(tmp_path, "w", text)))
    runtime.instances.switch("srv-old", "dep-1")
    runtime.instances.start(replace(worker("srv-old", release(tmp_path / "n", "w", LIVES)), deploy_id="dep-2"))

    runtime.instances.switch("srv-old", "dep-2")

    eventually(lambda: len(runtime.instances.of("srv-old")) == 1)
    runtime.remove_service("srv-old")
    assert news == []
