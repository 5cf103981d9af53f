"""Three isolated environments on Render and AWS, or all of it on this machine."""

from __future__ import annotations

from console import loading

if __name__ == "__main__":
    loading.begin()

from collections.abc import Sequence

import typer

from console import program
from ops.commands.blueprint import blueprint
from ops.commands.bootstrap import bootstrap
from ops.commands.comment import comment
from ops.commands.drift import drift
from ops.commands.local import local
from ops.commands.outputs import outputs
from ops.commands.pipeline import pipeline
from ops.commands.preview import preview
from ops.commands.promotions import promotions
from ops.commands.secret.list import list_
from ops.commands.secret.remove import remove
from ops.commands.secret.set import set_
from ops.commands.test import test
from ops.commands.up import up
from ops.context import Context

ANY_WORDS = {"ignore_unknown_options": True, "allow_extra_args": True}

app = typer.Typer(help=__doc__, add_completion=False, pretty_exceptions_enable=False)
app.command()(up)
app.command(context_settings=ANY_WORDS | {"help_option_names": []})(local)
app.command()(outputs)
app.command()(bootstrap)
app.command()(blueprint)
app.command()(preview)
app.command()(drift)
app.command()(promotions)
app.command()(comment)
app.command()(pipeline)
app.command()(test)

secret = typer.Typer(help="Keep secrets of your own, such as API keys, and have them reach the services.")
secret.command("set", context_settings=ANY_WORDS)(set_)
secret.command("list")(list_)
secret.command()(remove)
app.add_typer(secret, name="secret")


def main(words: Sequence[str] | None = None, context: Context | None = None) -> int:
    """Run one command with what it is given, by default the real clouds, or the one on this machine."""
    return program.run(app, words, name="slipway", given=context or Context())


if __name__ == "__main__":
    program.start(main)
