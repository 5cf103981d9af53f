"""A process that is told to end hears it, and one that does not is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pulumi_plugin.ending import end
from tests.support.unheard import unheard
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[3]
HEARS = """
import threading
from pulumi_plugin.ending import Interrupts
interrupts = Interrupts()
threading.Thread(target=threading.Event().wait, daemon=True).start()
print("ready", flush=True)
interrupts.wait()
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
HEARS_NOTHING = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
while True:
    signal.pause()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_another_thread_gets_is_heard(number: signal.Signals) -> None:
    """The kernel may choose any thread, and the main one sleeps on."""
    with started(HEARS) as process:
        unheard(process.pid, number)

        assert process.wait(10) == 0


def test_a_signal_before_the_wait_is_heard() -> None:
    """However early it comes."""
    line = HEARS.replace("interrupts.wait()", "import os, signal; os.kill(os.getpid(), 15); interrupts.wait()")
    with started(line) as process:
        assert process.wait(10) == 0


def test_a_child_is_asked_until_it_hears() -> None:
    """One that has missed the first signal gets another."""
    with started(HEARS_THE_SECOND) as child:
        end(child, 20)

        assert child.wait(0) == 5


def test_a_child_that_does_not_listen_is_killed_in_time() -> None:
    """After the seconds that it was given, not before."""
    with started(HEARS_NOTHING) as child:
        began = time.monotonic()
        end(child, 1)

        assert child.wait(10) == -signal.SIGKILL
        assert time.monotonic() - began >= 1


def test_a_child_that_has_ended_is_a_success() -> None:
    """It keeps its own exit code."""
    child = subprocess.Popen([sys.executable, "-c", "raise SystemExit(4)"])
    eventually(lambda: child.poll() is not None, "the child's end")

    end(child)

    assert child.returncode == 4


def started(script: str) -> subprocess.Popen[bytes]:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", script], env=env, stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    return process
