"""Ctrl-C while a program still loads its modules ends it, without a traceback."""

from __future__ import annotations

import signal


def begin() -> None:
    """Have the system end this process; where SIGINT is ignored, it stays so."""
    if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def done() -> None:
    """From here on it is told and tidied up after."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
