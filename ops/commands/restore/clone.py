"""`restore clone`: one environment's data in another, without the people in it."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.arguments import AsJson, KeyFile
from ops.context import Context
from ops.environments.stacks import Environment
from ops.restores.clone import clone as clone_
from ops.restores.restoring import Wish


def clone(
    shell: typer.Context,
    source: Annotated[Environment, typer.Argument(metavar="SOURCE", help="Whose backup.")],
    target: Annotated[Environment, typer.Argument(metavar="TARGET", help="Whose database; never prod.")],
    backup: Annotated[str, typer.Argument(metavar="[BACKUP]", help="Its id; by default the newest.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it.")] = False,
    database: Annotated[str, typer.Option(metavar="NAME", help="Of the target's live one, typed.")] = "",
    key: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup of one environment in place of another's database, personal data masked before it is seen."""
    context = Context.of(shell)
    done = clone_(context, source, target, Wish(backup, yes=yes, database=database, key=key))
    restored = done.restored
    told: dict[str, object] = {
        "source": done.source,
        "backup": restored.source,
        "target": restored.environment,
        "database": restored.database,
        "kept": restored.kept,
        "seconds": restored.seconds,
        "masked": done.masked,
    }
    context.output.report(told, as_json=as_json)
    again = f"{restored.source} was cloned already" if restored.again else f"{restored.source} is live"
    context.output.say(f"{again}; the database of before is kept as {restored.kept}")
    for line in (*restored.notes, *done.notes):
        context.output.say(line)
    context.output.say(f"look at the application, then: ./slipway maintenance off {restored.environment}")
