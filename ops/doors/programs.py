"""The door to programs: one that ends itself well when it is interrupted is let to do so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]  # the checkout
_LOOK_SECONDS = 0.2
_SAME_SECONDS = 1.0  # `timeout`, shells and CI systems tell a process and its group: that is one signal
_PASSED_ON = {
    signal.SIGINT: signal.SIGINT,
    signal.SIGTERM: signal.SIGTERM,
    signal.SIGHUP: signal.SIGTERM,  # at which the engine would drop everything
}


class InterruptedRunError(Exception):
    """The program was interrupted and has ended."""


def run(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run a program with its output on stderr; returns its exit code.

    The second signal tells the engine not to end well, so it must hear each one once. At a terminal, where it may
    ask, Ctrl-C reaches it as it reaches us: we only wait until it has written down what it did (`subprocess.run`
    would kill it a quarter of a second later). Elsewhere it has a group of its own, and hears what we pass on.
    We look again and again, because a signal that comes just before we wait does not end the waiting. What is
    ignored stays so: SIGINT in what a script runs in the background, SIGHUP under `nohup`.
    """
    noted: list[tuple[int, float]] = []

    def note(number: int, frame: FrameType | None) -> None:
        noted.append((number, time.monotonic()))

    heard = [number for number in _PASSED_ON if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, note) for number in heard}
    asks = _at_a_terminal()
    seen, last = 0, -_SAME_SECONDS
    try:
        child = _start(command, env, asks=asks)
        code = None
        while code is None:
            with suppress(subprocess.TimeoutExpired):
                code = child.wait(_LOOK_SECONDS)
            for number, when in noted[seen:]:
                seen += 1
                if when - last >= _SAME_SECONDS and not (asks and number == signal.SIGINT):
                    child.send_signal(_PASSED_ON[signal.Signals(number)])
                    last = when
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if noted and code != 0:
        raise InterruptedRunError
    return code


def passes(module: str, *words: str, env: Mapping[str, str] | None = None) -> bool:
    """Whether a tool of the locked packages, which speaks for itself, finds nothing wrong."""
    return subprocess.run([sys.executable, "-m", module, *words], cwd=ROOT, env=env, check=False).returncode == 0


def _start(command: Sequence[str], env: Mapping[str, str], *, asks: bool) -> subprocess.Popen[bytes]:
    if not asks:
        nothing = subprocess.DEVNULL
        return subprocess.Popen(command, env=dict(env), cwd=ROOT, stdin=nothing, stdout=sys.stderr, process_group=0)
    ours = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # for the program alone: we tell it in our own way
    try:
        return subprocess.Popen(command, env=dict(env), cwd=ROOT, stdout=sys.stderr)
    finally:
        signal.signal(signal.SIGHUP, ours)


def _at_a_terminal() -> bool:
    """Whether we may read from one; in the background that would stop us."""
    with suppress(OSError):
        return os.tcgetpgrp(0) == os.getpgrp()
    return False
