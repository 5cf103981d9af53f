"""`release show`: what runs, what was released, and whether anybody may change it."""

from __future__ import annotations

from datetime import UTC

import typer

from ops.arguments import AsJson, Which
from ops.context import Context
from ops.releases import overview
from ops.releases.overview import Overview

SHORT = 19  # characters of a digest


def show(shell: typer.Context, environment: Which, as_json: AsJson = False) -> None:
    """Show what runs in an environment, its release record, its lock, and what was done last."""
    context = Context.of(shell)
    found = overview.of(context, environment)
    if as_json:
        context.output.json(found.shown())
        return
    for name, value in lines(found):
        context.output.line(f"{name:<12}  {value}", hang=14)


def lines(found: Overview) -> list[tuple[str, str]]:
    """For people."""
    told = [("environment", found.environment)]
    if (release := found.release) is None:
        told.append(("release", "none was recorded: it runs what a checkout held, or its branch"))
    else:
        at = f" on {release.at.astimezone(UTC):%Y-%m-%d %H:%M UTC}" if release.at else ""
        told.append(("release", release.digest))
        told.append(("", f"{release.event or 'released'}{at} by {release.by or 'somebody'}"))
        told += [("commit", release.commit or "not recorded"), ("tree", release.tree or "not recorded")]
        told += [(name, value) for name, value in (("from", release.source), ("tests", release.test_run)) if value]
    told += [("runs", f"{version[:SHORT]}  {name}") for name, version in found.running.items()]
    told.append(("lock", str(found.lock) if found.lock else "none"))
    if found.pending:
        told.append(("gate", f"NOT PASSED ({found.pending.phase}): ./slipway up {found.environment} goes on with it"))
    if found.last:
        told.append(("last", str(found.last.event)))
    return told
