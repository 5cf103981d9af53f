"""A command that runs the engine is ended: the engine hears of it, once, and ends well."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.unheard import unheard

ROOT = Path(__file__).parents[3]
ENGINE = """
import os, signal, sys
heard = []
signal.signal(signal.SIGTERM, lambda *_: heard.append(1))
print("ready", file=sys.stderr, flush=True)
while not heard:
    signal.sigtimedwait([signal.SIGUSR1], 0.05)
signal.sigtimedwait([signal.SIGUSR1], 1)
print(len(heard), file=sys.stderr)
sys.exit(1)
"""
COMMAND = """
import os, signal, subprocess, sys, threading
from ops import interrupts
threading.Thread(target=threading.Event().wait, daemon=True).start()
if "early" in sys.argv:
    start = subprocess.Popen
    subprocess.Popen = lambda *words, **options: (os.kill(os.getpid(), signal.SIGTERM), start(*words, **options))[1]
try:
    interrupts.run([sys.executable, "-c", sys.argv[1]], os.environ)
except interrupts.InterruptedRunError:
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


@contextmanager
def running(engine: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    line = [sys.executable, "-c", COMMAND, engine, *words]
    pipe = subprocess.PIPE
    command = subprocess.Popen(line, cwd=ROOT, stdout=pipe, stderr=pipe, text=True, start_new_session=True)
    try:
        with command:
            yield command
    finally:
        if command.poll() is None:
            os.killpg(command.pid, signal.SIGKILL)
