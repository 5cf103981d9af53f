"""`backup key`: a recovery key, which a person keeps outside of every cloud."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.arguments import AsJson, Which
from ops.backups import keys
from ops.context import Context
from ops.environments.stacks import load


def key(
    shell: typer.Context,
    environment: Which,
    file: Annotated[Path, typer.Argument(help="Where to write it: a new file.", dir_okay=False)],
    as_json: AsJson = False,
) -> None:
    """Make a recovery key, which opens an environment's backups when all its accounts are lost."""
    output, stack = Context.of(shell).output, load(environment)
    identity, recipient = keys.generate()
    keys.write(file, identity, f"recovery key of {stack.names.stem}")
    output.report({"recipient": recipient, "file": str(file)}, as_json=as_json)
    setting = f"{stack.names.project}:backups"
    output.say(f"add it to `recipients` of {setting} in Pulumi.{environment}.yaml, then ./slipway up {environment}")
    output.say(f"keep {file} where no cloud is, and prove it: ./slipway drill {environment} --key {file}")
