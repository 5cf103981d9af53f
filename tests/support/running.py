"""A program in progress: what it says, what it starts, and how it is ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.support.waiting import eventually

SECONDS = 240.0  # never for ever, also on a machine that is busy with something else


class Running:
    """A program in progress."""

    def __init__(self, popen: subprocess.Popen[bytes], log: Path) -> None:
        self.popen = popen
        self.log = log
        self._family: dict[int, psutil.Process] = {}

    def text(self) -> str:
        """What it has written so far."""
        return self.log.read_text(errors="replace")

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition while it runs; one that ends before is a failure of the test."""

        def so() -> bool:
            self._look()
            if condition():
                return True
            assert self.popen.poll() is None, f"it ended before, with {self.popen.returncode}:\n{self.text()}"
            return False

        eventually(so, seconds=SECONDS)

    def until_says(self, words: str) -> None:
        """Wait for words in its output."""
        self.until(lambda: words in self.text())

    def kill(self) -> None:
        """End it with no warning, as `kill -9` does, and nothing else."""
        self._look()
        self.popen.kill()
        self.popen.wait(SECONDS)

    def interrupt(self, number: int = signal.SIGINT) -> int:
        """What Ctrl-C in a terminal does: the signal goes to the whole process group. Returns the exit code."""
        self._look()
        os.killpg(self.popen.pid, number)
        return self.wait()

    def wait(self) -> int:
        """Its exit code."""
        return self.popen.wait(SECONDS)

    def family(self) -> list[psutil.Process]:
        """Those of its descendants that are still alive."""
        return [one for one in self._family.values() if _alive(one)]

    def _look(self) -> None:
        with contextlib.suppress(psutil.Error):
            for one in psutil.Process(self.popen.pid).children(recursive=True):
                self._family.setdefault(one.pid, one)


def _alive(one: psutil.Process) -> bool:
    try:
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
