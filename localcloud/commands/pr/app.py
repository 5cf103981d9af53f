"""`local pr`: pull requests on the GitHub of this machine."""

from __future__ import annotations

import typer

from localcloud.commands.pr.approve import approve
from localcloud.commands.pr.close import close
from localcloud.commands.pr.create import create
from localcloud.commands.pr.label import label
from localcloud.commands.pr.listing import list_
from localcloud.commands.pr.merge import merge
from localcloud.commands.pr.view import view

pr = typer.Typer(help="Pull requests on the GitHub of this machine.", no_args_is_help=True)
pr.command()(create)
pr.command("list")(list_)
pr.command()(view)
pr.command()(label)
pr.command()(approve)
pr.command()(merge)
pr.command()(close)
