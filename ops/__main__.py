"""Slipway: three isolated environments on Render and AWS, or all of it on this machine."""

from __future__ import annotations

import sys

import typer

from ops.blueprint import blueprint
from ops.bootstrap import bootstrap
from ops.errors import OpsError
from ops.local import local
from ops.outputs import outputs
from ops.test import test
from ops.up import up

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(up)
app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})(
    local
)
app.command()(outputs)
app.command()(bootstrap)
app.command()(blueprint)
app.command()(test)


def main() -> int:
    """Run one command; an error is told in one piece."""
    try:
        app(prog_name="slipway")
    except OpsError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.code
    except KeyboardInterrupt:
        sys.stderr.write("\nerror: interrupted\n\nhint: run the same command again to go on\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
