"""Turns what goes wrong below the runtime into the one failure that the API shows to people."""

from __future__ import annotations

import errno
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from console.errors import ExplainedError

LAST_LINES = 40


class RuntimeFailure(Exception):  # noqa: N818 - the name the two sides agreed on
    """Why something could not be run, in words for people, with the last lines of its log."""

    def __init__(self, message: str, lines: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.lines = list(lines)


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Raise `RuntimeFailure` as `what: why` for an operating system or database error inside."""
    try:
        yield
    except RuntimeFailure:
        raise
    except subprocess.CalledProcessError as error:
        output = (error.stderr or error.stdout or b"").decode(errors="replace").splitlines()
        raise RuntimeFailure(f"{what}: {_program(error.cmd)} ended with {error.returncode}", output) from error
    except subprocess.TimeoutExpired as error:
        raise RuntimeFailure(f"{what}: {_program(error.cmd)} took longer than {error.timeout:g} s") from error
    except OSError as error:
        raise RuntimeFailure(f"{what}: {reason(error)}") from error
    except ExplainedError as error:
        raise RuntimeFailure(f"{what}: {error}") from error


def reason(error: OSError) -> str:
    """Why the operating system refused, in words that name the cure where there is one."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full"
    if error.errno == errno.ENOENT and isinstance(error.filename, str):
        return f"there is no program or file `{error.filename}`"
    if error.errno in (errno.EAGAIN, errno.ENOMEM):
        return "this machine allows no more processes or memory"
    return error.strerror or str(error)


def last_lines(path: Path, count: int = LAST_LINES) -> list[str]:
    """The end of a log file, without reading a large one whole."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 64 * 1024))
            return file.read().decode(errors="replace").splitlines()[-count:]
    except FileNotFoundError:
        return []


def _program(command: object) -> str:
    first = command[0] if isinstance(command, (list, tuple)) and command else command
    return Path(str(first)).name
