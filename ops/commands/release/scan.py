"""`release scan`: known weaknesses of what is locked."""

from __future__ import annotations

from typing import Annotated

import typer

from console.errors import FAILED
from console.output import Output
from ops.arguments import AsJson, Unreachable, WhereUnreachable
from ops.context import Context
from ops.doors.advisories import SOURCE
from ops.releases.scan import LIST, Scan
from ops.releases.scan import scan as look


def scan(
    shell: typer.Context,
    advisories: Annotated[
        str, typer.Option(metavar="URL", envvar="SLIPWAY_ADVISORIES", help="Who is asked: OSV, or a mirror of it.")
    ] = SOURCE,
    unreachable: WhereUnreachable = Unreachable.fail,
    as_json: AsJson = False,
) -> None:
    """Find known weaknesses of the locked packages; exit code 1 where one of the image's is not accepted."""
    context = Context.of(shell)
    found = look(context, source=advisories, skip=unreachable is Unreachable.skip)
    if as_json:
        context.output.json(
            {
                "packages": found.packages,
                "skipped": found.skipped or None,
                "found": [one.shown() for one in found.found],
                "unused": [one.id for one in found.unused],
            }
        )
    else:
        tell(context.output, found)
    if found.blocking or found.unused:
        raise typer.Exit(FAILED)


def tell(output: Output, found: Scan) -> None:
    """For people: what is in the way first."""
    if found.skipped:
        output.say(f"skipped: not one of {found.packages} packages was looked at: {found.skipped}")
        return
    rows = sorted(found.found, key=lambda one: (not one.blocks, one.package, one.id))
    if rows:
        output.table(
            ("of", "package", "weakness", "what to do"),
            [(one.where, f"{one.package} {one.version}", one.id, one.what) for one in rows],
        )
    for one in found.unused:
        output.line(f"{one.id} of {one.package} is accepted in {LIST}, and nobody has it: take it out")
    blocking = sum(one.blocks for one in rows)
    output.say(f"{found.packages} packages, {len(rows)} known weaknesses, {blocking} in the way of a release")
