"""`promotions`: the pull requests by which a release goes from branch to branch."""

from __future__ import annotations

from functools import partial

import typer

from console.output import counted
from ops.context import Context
from ops.environments.stacks import load_all
from ops.pipeline.brings import told
from ops.pipeline.checkout import Checkout
from ops.pipeline.promotions import brought, keep, steps


def promotions(shell: typer.Context) -> None:
    """Open and update the pull requests that promote one environment's branch to the next, or bring a hotfix back."""
    context = Context.of(shell)
    github, checkout = context.doors.github(), Checkout(context.doors)
    for step in steps(load_all(), partial(brought, checkout)):
        address = keep(github, told(step, checkout) if step.commits else step)
        if address:
            context.output.line(f"{step.title}: {counted(len(step.commits), 'commit')}, {address}")
