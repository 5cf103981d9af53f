"""A command that runs the engine is ended: the engine hears of it, once, and ends well."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.unheard import unheard

ROOT = Path(__file__).parents[4]
ENGINE = """
import os, signal, sys
heard = []
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: heard.append(1))
print("ready", file=sys.stderr, flush=True)
while not heard:
    signal.sigtimedwait([signal.SIGUSR1], 0.05)
signal.sigtimedwait([signal.SIGUSR1], 1)
print(len(heard), file=sys.stderr)
sys.exit(1)
"""
COMMAND = """
import os, signal, subprocess, sys, threading
from ops.doors import programs
threading.Thread(target=threading.Event().wait, daemon=True).start()
if "early" in sys.argv:
    start = subprocess.Popen
    subprocess.Popen = lambda *words, **options: (os.kill(os.getpid(), signal.SIGTERM), start(*words, **options))[1]
try:
    programs.run([sys.executable, "-c", sys.argv[1]], os.environ)
except programs.InterruptedRunError:
    print("interrupted", flush=True)
"""


def test_a_signal_that_comes_when_the_command_does_not_look_is_passed_on_once() -> None:
    """A second one would tell the engine to leave everything as it is."""
    with running(ENGINE) as command:
        assert command.stderr
        assert command.stderr.readline() == "ready\n"
        unheard(command.pid, signal.SIGTERM)

        assert command.communicate(timeout=20) == ("interrupted\n", "1\n")


def test_a_signal_that_comes_before_the_engine_has_started_is_passed_on() -> None:
    """The engine, which does not know how to end well yet, ends at once."""
    with running("import signal; signal.pause()", "early") as command:
        assert command.communicate(timeout=20)[0] == "interrupted\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_the_whole_group_is_heard_once(number: signal.Signals) -> None:
    """As `timeout`, CI systems and closed terminals send it, to the command once more."""
    with running(ENGINE) as command:
        assert command.stderr
        assert command.stderr.readline() == "ready\n"
        os.kill(command.pid, number)
        os.killpg(command.pid, number)

        assert command.communicate(timeout=20) == ("interrupted\n", "1\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_what_the_shell_has_the_command_ignore_stays_ignored(number: signal.Signals) -> None:
    """SIGINT for a script's background job, SIGHUP under `nohup`: the engine hears neither."""
    with running(ENGINE, ignoring=number) as command:
        assert command.stderr
        assert command.stderr.readline() == "ready\n"
        os.killpg(command.pid, number)
        with pytest.raises(subprocess.TimeoutExpired):
            command.wait(0.5)  # it has been looked for by then
        os.kill(command.pid, signal.SIGTERM)

        assert command.communicate(timeout=20) == ("interrupted\n", "1\n")


def test_at_a_terminal_ctrl_c_is_heard_once_and_questions_can_be_asked() -> None:
    """The terminal sends it to the engine as to the command, so it is not passed on."""
    ours, theirs = os.openpty()
    asking = ENGINE.replace('print("ready"', 'print(input(), "ready"')

    def take() -> None:
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    with running(asking, stdin=theirs, preexec_fn=take) as command:
        assert command.stderr
        os.write(ours, b"yes\n")
        assert command.stderr.readline() == "yes ready\n"
        os.write(ours, b"\x03")

        said, counted = command.communicate(timeout=20)
    os.close(ours)
    os.close(theirs)
    assert (said, counted) == ("interrupted\n", "1\n")


@contextmanager
def running(
    engine: str, *words: str, ignoring: signal.Signals | None = None, **options: Any
) -> Iterator[subprocess.Popen[str]]:
    line = [sys.executable, "-c", COMMAND, engine, *words]
    pipe = subprocess.PIPE
    # Whatever who runs these tests ignores.
    given = {
        number: signal.SIG_IGN if number == ignoring else signal.SIG_DFL for number in (signal.SIGINT, signal.SIGHUP)
    }
    before = {number: signal.signal(number, handler) for number, handler in given.items()}
    options = {"stdin": subprocess.DEVNULL, "start_new_session": "preexec_fn" not in options} | options
    command = subprocess.Popen(line, cwd=ROOT, stdout=pipe, stderr=pipe, text=True, **options)
    for number, handler in before.items():
        signal.signal(number, handler)
    with command:
        try:
            yield command
        finally:
            if command.poll() is None:
                os.killpg(command.pid, signal.SIGKILL)
