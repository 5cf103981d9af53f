"""`release key`: the key pair that signs where no workflow does."""

from __future__ import annotations

import typer

from ops.arguments import AsJson, Which
from ops.context import Context
from ops.releases import key_pair
from ops.releases.authority import open_authority


def key(shell: typer.Context, environment: Which, as_json: AsJson = False) -> None:
    """Make the key pair that signs an environment's releases in KMS, once, and show its public half."""
    context = Context.of(shell)
    shown = key_pair.shown(open_authority(context, environment))
    context.output.report(shown, as_json=as_json)
