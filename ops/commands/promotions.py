"""`promotions`: the pull requests by which a release goes from branch to branch."""

from __future__ import annotations

import typer

from ops.context import Context
from ops.environments.stacks import load_all
from ops.pipeline.checkout import Checkout
from ops.pipeline.promotions import brought, keep, steps


def promotions(shell: typer.Context) -> None:
    """Open and update the pull requests that promote one environment's branch to the next, with what they bring."""
    context = Context.of(shell)
    checkout = Checkout(context.doors)
    for step in steps(load_all(), lambda branch, without: brought(branch, without, checkout.log, checkout.tree)):
        address = keep(context.doors.github(), step)
        context.output.line(f"{step.title}: {len(step.commits)} commits, {address}")
