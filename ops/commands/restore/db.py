"""`restore db`: a database, from one of our backups, from anybody's dump, or to a moment."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from console.errors import WRONG_USE, ExplainedError
from ops.arguments import AsJson, KeyFile, Which
from ops.backups import place
from ops.backups.jobs import usual_jobs
from ops.context import Context
from ops.restores.recovery import parsed, recover
from ops.restores.restoring import Restored, Wish, restore


def db(
    shell: typer.Context,
    environment: Which,
    source: Annotated[
        str,
        typer.Argument(
            metavar="[BACKUP|FILE|s3://…]",
            help="A backup's id, by default the newest; or a dump: .sql .dump .db .tar, each also .gz .zst .xz",
        ),
    ] = "",
    into: Annotated[str, typer.Option(metavar="NAME", help="Of the new database.")] = "",
    in_place: Annotated[bool, typer.Option("--in-place", help="Swap it with the live one, which is kept.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it in place.")] = False,
    database: Annotated[str, typer.Option(metavar="NAME", help="Of the live one, typed, to do it in place.")] = "",
    key: KeyFile = None,
    to_time: Annotated[
        str, typer.Option(metavar="T", help="Have Render recover that moment, in a new instance of its own.")
    ] = "",
    jobs: Annotated[int, typer.Option(min=0, help="Side by side; by default 2 or 3, by the processors.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Restore a database: compared with its manifest, and never half-done under a name that anybody uses."""
    context = Context.of(shell)
    if to_time:
        if source or into or in_place:
            raise ExplainedError("wrong use", "--to-time goes with no other way to restore", code=WRONG_USE)
        moment = parsed(to_time)
        made = recover(place.of(context, environment), moment)
        context.output.report({"id": made.id, "name": made.name, "status": made.status}, as_json=as_json)
        context.output.say("look at it; docs/runbooks/restore.md says how its data becomes the environment's")
        return
    wish = Wish(source, into, in_place, yes, database, key, jobs or usual_jobs())
    done = restore(place.of(context, environment), wish)
    context.output.report(shown(done), as_json=as_json)
    for line in [*done.notes, *after(done)]:
        context.output.say(line)


def shown(done: Restored) -> dict[str, Any]:
    """For people and programs."""
    told = {
        "environment": done.environment,
        "source": done.source,
        "database": done.database,
        "seconds": done.seconds,
        "compared": done.compared,
    }
    return told | ({"kept": done.kept} if done.kept else {})


def after(done: Restored) -> list[str]:
    """What is to be done next."""
    if not done.kept:
        return []
    again = "was restored in place already" if done.again else "is live"
    return [
        f"{done.source} {again}; the database of before is kept as {done.kept}",
        f"look at the application, then: ./slipway maintenance off {done.environment}",
        f"./slipway restore confirm {done.environment} removes what is kept; ./slipway restore undo brings it back",
    ]
