"""Runs a program that ends itself well when it is interrupted, and lets it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import FrameType

from ops.cloud import ROOT

_LOOK_SECONDS = 0.2


class InterruptedRunError(Exception):
    """The program was interrupted and has ended."""


def run(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run a program with its output on stderr; returns its exit code.

    Ctrl-C reaches it from the terminal as it reaches us: we only wait until it has written down what it did
    (`subprocess.run` would kill it a quarter of a second later). SIGTERM is sent to us alone, so it is passed on, as
    often as it comes: the second one tells the engine not to end well. We look for it again and again, because one
    that comes just before we wait does not end the waiting.
    """
    noted: list[int] = []
    passed_on = 0

    def note(number: int, frame: FrameType | None) -> None:
        noted.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        child = subprocess.Popen(command, env=dict(env), cwd=ROOT, stdout=sys.stderr)
        code = None
        while code is None:
            with suppress(subprocess.TimeoutExpired):
                code = child.wait(_LOOK_SECONDS)
            while passed_on < len(noted):
                if noted[passed_on] == signal.SIGTERM:
                    child.send_signal(signal.SIGTERM)
                passed_on += 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if noted and code != 0:
        raise InterruptedRunError
    return code
