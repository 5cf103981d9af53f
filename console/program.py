"""The way a command-line program is run: whatever goes wrong is told in one piece, and its kind is the exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from console import inherited, loading
from console.errors import DONE, WRONG_USE, ExplainedError, from_system

INTERRUPTED = 130  # what Typer makes of Ctrl-C
PYDANTICS = "Value error, "  # how the library below Typer begins what a choice refuses


def run(app: typer.Typer, words: Sequence[str] | None = None, *, name: str, given: object = None) -> int:
    """Run one command of a program, by default the one that the process's words name; returns its exit code.

    The command finds what it is given as `obj` of its `typer.Context`.
    """
    try:
        code = app(_given(words) or ["--help"], prog_name=name, standalone_mode=False, obj=given)
    except ExplainedError as error:
        return _told(error)
    except TyperException as error:
        return _told(_wrong_use(error, name))
    except subprocess.CalledProcessError as error:
        return _told(ExplainedError(str(error)))
    except OSError as error:
        return _told(from_system(error))
    if code == INTERRUPTED:
        if sys.stderr.isatty():
            sys.stderr.write("\n")  # the terminal has shown ^C
        return _told(ExplainedError("interrupted", hint="run the same command again to go on"))
    return code or DONE


def start(main: Callable[[], int]) -> NoReturn:
    """Be that program, from its loaded modules to the end of the process."""
    loading.done()
    inherited.settle()
    code = main()
    with suppress(BrokenPipeError):
        sys.stdout.flush()
    os._exit(code)  # without taking down all that was loaded, which may take a tenth of a second


def _given(words: Sequence[str] | None) -> Sequence[str]:
    return sys.argv[1:] if words is None else words


def _wrong_use(error: TyperException, name: str) -> ExplainedError:
    if isinstance(error, typer.BadParameter):
        error.message = error.message.removeprefix(PYDANTICS)
    context = getattr(error, "ctx", None)
    hint = f"./{context.command_path if context else name} --help"
    return ExplainedError(error.format_message(), hint=hint, code=WRONG_USE)


def _told(error: ExplainedError) -> int:
    with suppress(OSError):  # a pipe that nobody reads any more tells nobody
        sys.stderr.write(f"error: {error}\n")
    return error.code
