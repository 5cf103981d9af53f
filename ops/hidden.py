"""A value that nobody else sees: from a hidden prompt or from stdin, never from the command line."""

from __future__ import annotations

import os
import re
import select
import sys
import termios
import unicodedata
from collections.abc import Callable
from typing import BinaryIO

from console.errors import WRONG_USE, ExplainedError
from ops.say import say

LONGEST = 65_536  # bytes: what Secrets Manager keeps
LONGEST_LINE = 4_095  # bytes: a terminal cuts what is longer, and tells nobody
PASTED_SECONDS = 0.1  # within which all lines of what was pasted are there
FILE = "for a value of several lines, or a long one: … --stdin < FILE"
TEXT = "an environment variable holds text alone: encode it, say with base64"


def piped(what: str, *, wanted: bool) -> str | None:
    """What stdin holds, where that is wanted or nobody sits there; None: ask for it."""
    if sys.stdin is None:
        raise _refused("stdin is closed", "type it, or pipe it in")
    if sys.stdin.isatty():
        if not wanted:
            return None
        say(f"reading {what} from this terminal, where it can be seen; Ctrl-D on a line of its own ends it")
    return from_stream(sys.stdin.buffer)


def from_stream(stream: BinaryIO) -> str:
    """All of it, without the one newline that `echo` and editors put at its end."""
    given = stream.read(LONGEST + len("\r\n") + 1)
    try:
        value = given.decode()
    except UnicodeDecodeError as error:
        if len(given) <= LONGEST:  # else it may be cut within a letter
            raise _refused("it is not UTF-8 text", TEXT) from error
        value = given.decode(errors="replace")
    return _checked(re.sub(r"\r?\n\Z", "", value))


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
        raise _refused("it has several lines", FILE)
    return line.removesuffix(b"\n").decode(errors="surrogateescape")


def from_prompt(what: str, ask: Callable[[str], str] = ask) -> str:
    """Typed or pasted twice, since nobody sees what was typed."""
    value = ask(f"{what} (hidden): ")
    if any(unicodedata.category(sign) == "Cc" and sign != "\t" for sign in value):
        raise _refused("it holds a key that writes nothing, such as an arrow", FILE)
    if len(value.encode(errors="surrogateescape")) >= LONGEST_LINE:
        raise _refused(f"a terminal cuts a line after {LONGEST_LINE} bytes", FILE)
    if _checked(value) != ask("the same again: "):
        raise _refused("the two are not the same", FILE)
    return value


def _checked(value: str) -> str:
    if not value.strip():
        raise _refused("it is empty", "to forget one: ./slipway secret remove ENV NAME")
    if "\0" in value:
        raise _refused("it holds a NUL byte", TEXT)
    try:
        size = len(value.encode())
    except UnicodeEncodeError as error:
        raise _refused("it is not UTF-8 text", TEXT) from error
    if size > LONGEST:
        long = "what is that long is a file, and secret files have no way in yet"
        raise _refused(f"it is longer than the {LONGEST} bytes that AWS Secrets Manager keeps", long)
    return value


def _refused(why: str, hint: str) -> ExplainedError:
    return ExplainedError(f"cannot take this value: {why}", hint=hint, code=WRONG_USE)
