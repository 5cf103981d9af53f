"""`previews list`: those that there are."""

from __future__ import annotations

import typer

from ops.arguments import AsJson
from ops.context import Context
from ops.previews.known import known
from ops.previews.place import place


def list_(shell: typer.Context, as_json: AsJson = False) -> None:
    """List the previews of pull requests: what runs in each, where, and until when."""
    context = Context.of(shell)
    found = known(place(context).pulumi)
    if as_json:
        context.output.json([one.shown() for one in found])
    elif found:
        rows = [
            (
                str(one.pull),
                one.branch or "?",
                one.commit[:7] or "?",
                f"{one.until:%Y-%m-%d %H:%M} UTC" if one.until else "?",
                one.url or "not up yet",
            )
            for one in found
        ]
        context.output.table(("pull", "branch", "commit", "until", "url"), rows)
    else:
        context.output.line("there is no preview of a pull request")
