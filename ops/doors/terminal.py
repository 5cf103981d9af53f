"""The door to who sits at the terminal."""

from __future__ import annotations

import os
import select
import sys
import termios

PASTED_SECONDS = 0.1  # within which all lines of what was pasted are there
LONGEST = 65_536  # bytes: more than a terminal gives at a time


class SeveralLinesError(Exception):
    """More was typed or pasted than one line."""


def ask(question: str) -> str:
    """One line from the terminal, unseen. `getpass` would drop all but the first of several without a word."""
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    silent, eager = termios.tcgetattr(terminal), termios.tcgetattr(terminal)
    silent[3] &= ~termios.ECHO
    eager[3] &= ~(termios.ECHO | termios.ICANON)  # or a last line without its end would not be seen
    try:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, silent)
        sys.stderr.write(question)
        sys.stderr.flush()
        line = os.read(terminal, LONGEST)  # a terminal gives a line at a time
        termios.tcsetattr(terminal, termios.TCSANOW, eager)
        more = line.endswith(b"\n") and select.select([terminal], [], [], PASTED_SECONDS)[0]
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)
        sys.stderr.write("\n")
    if more:
        raise SeveralLinesError
    return line.removesuffix(b"\n").decode(errors="surrogateescape")
