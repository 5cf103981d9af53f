"""`previews remove`: all of one, its database too."""

from __future__ import annotations

import typer

from ops.arguments import PullNumber
from ops.context import Context
from ops.previews.place import place
from ops.previews.remove import remove as take_away


def remove(shell: typer.Context, number: PullNumber) -> None:
    """Remove the preview of a pull request with its database and its state; its data is made up anyway."""
    context = Context.of(shell)
    there = take_away(place(context), number)
    context.output.say(f"the preview of {number} is removed" if there else f"there is no preview of {number}")
