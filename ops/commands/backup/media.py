"""`backup media`: what users uploaded, copied as far as it changed, and whether the copy has all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from console.errors import FAILED
from console.output import Output, counted, sized
from ops.arguments import AsJson, Which, Yes
from ops.backups import place
from ops.context import Context
from ops.media.backing_up import Done, back_up, of
from ops.media.checking import Checked, check, columns
from ops.media.named import Missing
from ops.media.pruning import Pruned, take_out
from ops.media.target import FORMS

Wanted = Annotated[
    str,
    typer.Option("--target", metavar="TARGET", help=f"Copy to there: {FORMS}; MEDIA_BACKUP_TARGET names another."),
]
CheckOnly = Annotated[
    bool, typer.Option("--check", help="Copy nothing: look whether the newest copy has all; exit code 1 if not.")
]
Anew = Annotated[bool, typer.Option("--anew", help="Read every file again, and so mend a copy that has lost some.")]
Prune = Annotated[
    int | None,
    typer.Option(
        "--prune",
        metavar="DAYS",
        min=1,
        help="Copy nothing: take out inventories older than that, and what none names.",
    ),
]
Unasked = Annotated[bool, typer.Option("--no-database", help="Do not ask the database which files it names.")]


def media(
    shell: typer.Context,
    environment: Which,
    target: Wanted = "",
    check_only: CheckOnly = False,
    anew: Anew = False,
    prune: Prune = None,
    yes: Yes = False,
    no_database: Unasked = False,
    as_json: AsJson = False,
) -> None:
    """Copy what users uploaded, as far as it is new, and look whether the copy has all that the database names."""
    context = Context.of(shell)
    work = of(place.of(context, environment), target)
    try:
        if prune is not None:
            tell_prune(context.output, take_out(work, timedelta(days=prune), yes=yes), as_json=as_json)
            return
        named = None if no_database else context.doors.media_names
        if check_only:
            checked = check(work, named)
            tell_check(context.output, checked, as_json=as_json)
            if checked.is_wrong:
                raise typer.Exit(FAILED)
            return
        done = back_up(work, columns(work) if named else (), named, anew=anew)
        tell(context.output, done, as_json=as_json)
    finally:
        work.close()


def shown(done: Done) -> dict[str, object]:
    """For programs."""
    header, footer = done.header, done.footer
    return {
        "id": header.id,
        "environment": header.environment,
        "from": header.bucket,
        "target": header.target,
        "started": header.started,
        **{name: value for name, value in asdict(footer).items() if name != "sha256"},
        "named": _named(done.missing),
    }


def tell(output: Output, done: Done, *, as_json: bool) -> None:
    """What was copied; what the database misses is talk, for it is no fault of the copy."""
    if as_json:
        output.json(shown(done))
    else:
        footer = done.footer
        output.line(f"{done.header.id}  {done.header.target}")
        output.line(f"{counted(footer.objects, 'file')}, {sized(footer.bytes)}")
        output.line(
            f"{footer.copied} copied ({sized(footer.copied_bytes)}), {footer.unchanged} unchanged, "
            f"{footer.gone} gone, {footer.seconds:.1f} s"
        )
    for line in done.missing.sentences() if done.missing else ():
        output.say(line)


def tell_check(output: Output, checked: Checked, *, as_json: bool) -> None:
    """What the newest copy has."""
    if as_json:
        output.json(
            {
                "id": checked.header.id,
                "environment": checked.header.environment,
                "target": checked.header.target,
                "objects": checked.footer.objects,
                "lost": checked.lost,
                "lost_files": list(checked.examples),
                "named": _named(checked.missing),
                "complete": not checked.is_wrong,
            }
        )
        return
    output.line(f"{checked.header.id}  {checked.header.target}  {counted(checked.footer.objects, 'file')}")
    for line in checked.sentences():
        output.line(line)
    if checked.lost:
        output.say(f"to copy those that are still there: ./slipway backup media {checked.header.environment} --anew")
    if not checked.is_wrong:
        output.line("complete")


def tell_prune(output: Output, gone: Pruned, *, as_json: bool) -> None:
    """What was taken out."""
    if as_json:
        output.json({"copies": gone.runs, "kept": gone.kept, "objects": len(gone.places), "bytes": gone.bytes})
        return
    for run in gone.runs:
        output.line(run)
    what = f"{len(gone.runs)} copies and {counted(len(gone.places), 'object')} ({sized(gone.bytes)})"
    output.say(f"{what} taken out; {gone.kept} copies stay")


def _named(missing: Missing | None) -> Mapping[str, object] | None:
    if missing is None:
        return None
    return {
        "checked": missing.checked,
        "missing": missing.count,
        "columns": {
            where: {"missing": count, "files": list(missing.examples.get(where, ()))}
            for where, count in missing.counts.items()
        },
    }
