"""`release image`: build the image of what is committed, and push it nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.arguments import Unreachable, WhereUnreachable
from ops.context import Context
from ops.releases.image import check


def image(
    shell: typer.Context,
    cache: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where Docker finds and leaves what it has built.")
    ] = None,
    sbom: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the list of its packages goes (CycloneDX).")
    ] = None,
    unreachable: WhereUnreachable = Unreachable.fail,
) -> None:
    """Build the image of what is committed as a release is built, and push it nowhere."""
    context = Context.of(shell)
    skipped = check(context, cache=cache, listed=sbom, skip=unreachable is Unreachable.skip)
    context.output.say(f"skipped: the image was not built: {skipped}" if skipped else "built, and pushed nowhere")
