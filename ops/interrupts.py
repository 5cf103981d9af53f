"""Runs a program that ends itself well when it is interrupted, and lets it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import FrameType

from ops.cloud import ROOT


class InterruptedRunError(Exception):
    """The program was interrupted and has ended."""


def run(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run a program with its output on stderr; returns its exit code.

    Ctrl-C reaches it from the terminal as it reaches us: we only wait until it has written down what it did
    (`subprocess.run` would kill it a quarter of a second later). SIGTERM is sent to us alone, so it is passed on.
    """
    interrupted = False
    child: subprocess.Popen[bytes] | None = None

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        if number == signal.SIGTERM and child is not None:
            child.send_signal(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        child = subprocess.Popen(command, env=dict(env), cwd=ROOT, stdout=sys.stderr)
        code = child.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if interrupted and code != 0:
        raise InterruptedRunError
    return code
