"""A cloud on this machine: start, stop, status, reset, env, logs, git, github, push, pr, runs, clock, inbox."""

from __future__ import annotations

from console import loading

if __name__ == "__main__":
    loading.begin()

from collections.abc import Sequence

import typer

from console import program
from localcloud.commands.clock import clock
from localcloud.commands.engine import engine
from localcloud.commands.env import env
from localcloud.commands.git import git
from localcloud.commands.github import github
from localcloud.commands.inbox import inbox
from localcloud.commands.logs import logs
from localcloud.commands.pr.app import pr
from localcloud.commands.push import push
from localcloud.commands.reset import reset
from localcloud.commands.runs import runs
from localcloud.commands.start import start
from localcloud.commands.status import status
from localcloud.commands.stop import stop
from localcloud.commands.token import token
from localcloud.machine.paths import keep_private

COMMANDS = (start, engine, stop, reset, env, status, logs, git, github, push, runs, clock, token)

app = typer.Typer(help="The cloud on this machine.", add_completion=False, pretty_exceptions_enable=False)
for command in COMMANDS:
    app.command()(command)
app.add_typer(inbox, name="inbox")
app.add_typer(pr, name="pr")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; what it makes is its user's alone."""
    keep_private()
    return program.run(app, words, name="slipway local")


if __name__ == "__main__":
    program.start(main)
