"""`lock`: nothing that runs is changed until somebody unlocks it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from ops.arguments import Which
from ops.context import Context
from ops.releases import passage
from ops.releases.lock import Lock


def lock(
    shell: typer.Context,
    environment: Which,
    why: Annotated[str, typer.Option("-m", "--message", metavar="WHY", help="Why, for whoever is refused.")],
) -> None:
    """Lock an environment: whatever would change what runs there is refused, with who locked it and why."""
    context = Context.of(shell)
    ours = passage.of(context, environment)
    ours.locks.take(Lock(by=ours.by, at=datetime.now(UTC), why=why))
    ours.tell("locked", outcome=why)
    context.output.say(f"{environment} is locked until: ./slipway unlock {environment}")
    if ours.stack.source == "branch" and ours.stack.auto_deploy != "off":
        context.output.say(
            f"warning: Render still deploys each commit of `{ours.stack.branch}` by itself; "
            f'what stops that, too, is auto_deploy: "off" in its stack file and a ./slipway up {environment}'
        )
