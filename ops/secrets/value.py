"""A value that nobody else sees: from a hidden prompt or from stdin, never from the command line."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from typing import BinaryIO

from console.errors import WRONG_USE, ExplainedError
from console.output import Say
from ops.doors import terminal
from ops.doors.terminal import SeveralLinesError

LONGEST = 65_536  # bytes: what Secrets Manager keeps
LONGEST_LINE = 4_095  # bytes: a terminal cuts what is longer, and tells nobody
FILE = "for a value of several lines, or a long one: … --stdin < FILE"
TEXT = "an environment variable holds text alone: encode it, say with base64"


def piped(what: str, *, wanted: bool, say: Say) -> str | None:
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


def from_prompt(what: str, ask: Callable[[str], str] = terminal.ask) -> str:
    """Typed or pasted twice, since nobody sees what was typed."""
    try:
        value = ask(f"{what} (hidden): ")
        if any(unicodedata.category(sign) == "Cc" and sign != "\t" for sign in value):
            raise _refused("it holds a key that writes nothing, such as an arrow", FILE)
        if len(value.encode(errors="surrogateescape")) >= LONGEST_LINE:
            raise _refused(f"a terminal cuts a line after {LONGEST_LINE} bytes", FILE)
        if _checked(value) != ask("the same again: "):
            raise _refused("the two are not the same", FILE)
    except SeveralLinesError as error:
        raise _refused("it has several lines", FILE) from error
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
    return ExplainedError("cannot take this value", why, hint=hint, code=WRONG_USE)
