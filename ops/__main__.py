"""Three isolated environments on Render and AWS, or all of it on this machine."""

from __future__ import annotations

from console import loading

if __name__ == "__main__":
    loading.begin()

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import typer
from typer.exceptions import TyperException

from console import inherited
from console.errors import FAILED, WRONG_USE, ExplainedError
from ops.blueprint import blueprint
from ops.bootstrap import bootstrap
from ops.local import local
from ops.outputs import outputs
from ops.secret import secret
from ops.test import test
from ops.up import up

INTERRUPTED = 130  # what Typer makes of Ctrl-C

app = typer.Typer(help=__doc__, add_completion=False, pretty_exceptions_enable=False)
app.command()(up)
app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})(
    local
)
app.command()(outputs)
app.command()(bootstrap)
app.command()(blueprint)
app.command()(test)
app.add_typer(secret, name="secret")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; an error is told in one piece, and its kind is the exit code."""
    try:
        code = app(words or sys.argv[1:] or ["--help"], prog_name="slipway", standalone_mode=False)
    except ExplainedError as error:
        return _told(str(error), error.code)
    except OSError as error:
        # A full disk, a file that may not be read; a pipe that nobody reads any more tells nobody.
        again = "once that is mended, run the same command again"
        return _told(str(ExplainedError(f"cannot go on: {error}", hint=again)), FAILED)
    except TyperException as error:
        context = getattr(error, "ctx", None)
        hint = f"./{context.command_path if context else 'slipway'} --help"
        return _told(str(ExplainedError(error.format_message(), hint=hint)), WRONG_USE)
    if code == INTERRUPTED:
        return _told(str(ExplainedError("interrupted", hint="run the same command again to go on")), FAILED)
    return code or 0


def _told(message: str, code: int) -> int:
    with suppress(OSError):
        sys.stderr.write(f"error: {message}\n")
    return code


if __name__ == "__main__":
    loading.done()
    inherited.settle()
    code = main()
    with suppress(BrokenPipeError):
        sys.stdout.flush()
    os._exit(code)  # without taking down all that was loaded, which may take a tenth of a second
