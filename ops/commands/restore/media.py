"""`restore media`: files that are missing, or others than in a copy, are put back; none is taken away."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from console.errors import FAILED, WRONG_USE, ExplainedError
from console.output import Output, counted, sized
from ops.arguments import AsJson, KeyFile, Which, Yes
from ops.backups import place
from ops.context import Context
from ops.media.backing_up import of
from ops.media.putting_back import Back, Wish, carry_out, prepare
from ops.media.restoring import Plan, Restored
from ops.media.target import FORMS

Copy = Annotated[str, typer.Option("--from", metavar="ID", help="That copy; by default the newest.")]
At = Annotated[
    datetime | None,
    typer.Option("--at", metavar="TIME", help="The newest copy that began before that time (UTC).",
                 formats=["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"]),
]  # fmt: skip
ToBucket = Annotated[bool, typer.Option("--to-bucket", help="Into the media bucket, which is the default.")]
Into = Annotated[Path | None, typer.Option("--into", metavar="DIR", help="Into a folder of this machine.")]
OnlyMissing = Annotated[bool, typer.Option("--only-missing", help="Leave files that are there, whatever they are.")]
FromTarget = Annotated[
    str,
    typer.Option("--target", metavar="TARGET", help=f"By what lies there alone, without the backup bucket: {FORMS}."),
]


def media(
    shell: typer.Context,
    environment: Which,
    run: Copy = "",
    at: At = None,
    to_bucket: ToBucket = False,
    into: Into = None,
    only_missing: OnlyMissing = False,
    target: FromTarget = "",
    key: KeyFile = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Put back what users uploaded and is missing, or another than in a copy; nothing is deleted."""
    context = Context.of(shell)
    if (run and at) or (to_bucket and into):
        raise ExplainedError(
            "cannot do both", "--from and --at, and --to-bucket and --into, exclude each other", code=WRONG_USE
        )
    when = at.replace(tzinfo=UTC) if at else None
    work = of(place.of(context, environment), target)
    back = prepare(work, Wish(run, when, into, only_missing=only_missing, by_target=bool(target), key=key))
    try:
        if not as_json:
            tell_plan(context.output, back)
        done = carry_out(work, back, yes=yes)
        tell(context.output, back, done, as_json=as_json)
        if done.failures:
            raise typer.Exit(FAILED)
    finally:
        back.close()
        work.close()


def tell_plan(output: Output, back: Back) -> None:
    """Each file, and why."""
    for why, entry in back.plan.all():
        output.line(f"{why:<9}  {entry.key}")
    output.say(f"{back.run}: {_sum(back.plan)}")


def tell(output: Output, back: Back, done: Restored, *, as_json: bool) -> None:
    """What became of it."""
    if as_json:
        output.json(
            {
                "from": back.run,
                "to": back.where.shown,
                **{name: back.plan.counts[name] for name in ("missing", "different", "same", "left")},
                "restored": done.files,
                "bytes": done.bytes,
                "failed": done.failures,
                "failures": done.failed,
            }
        )
        return
    output.say(f"{counted(done.files, 'file')} put back into {back.where.shown} ({sized(done.bytes)})")
    for line in done.failed:
        output.say(line)
    if done.failures:
        output.say(f"{counted(done.failures, 'file')} could not be put back: run the same command again")


def _sum(plan: Plan) -> str:
    counts = plan.counts
    left = f", {counts['left']} different and left" if counts["left"] else ""
    return f"{counts['missing']} missing, {counts['different']} different, {counts['same']} as they were{left}"
