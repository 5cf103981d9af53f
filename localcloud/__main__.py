"""A cloud on this machine: start, stop, status, reset, env, logs, git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import Annotated

import typer

from localcloud import daemons, environment, process
from localcloud.engine import home
from localcloud.errors import LocalCloudError
from localcloud.ports import ports

app = typer.Typer(
    help="The cloud on this machine.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
AsJson = Annotated[bool, typer.Option("--json", help="Print data for programs.")]


def say(message: str) -> None:
    """Talk goes to stderr: stdout is data."""
    sys.stderr.write(f"slipway: {message}\n")


@app.command()
def start() -> None:
    """Start the local cloud and have an engine for it; what runs is left alone."""
    home.ensure(say)
    daemons.start(say)


@app.command()
def engine() -> None:
    """Have Pulumi's CLI and its plugins; `start` does this, too."""
    home.ensure(say)


@app.command()
def stop() -> None:
    """Stop everything; the state is kept."""
    ended = daemons.stop()
    say(f"stopped {', '.join(ended)}" if ended else "nothing was running")


@app.command()
def reset() -> None:
    """Stop everything and forget all state."""
    from localcloud.render.runtime import reset_folders

    daemons.reset(reset_folders())
    say("the local cloud is forgotten")


@app.command()
def env(as_json: AsJson = False) -> None:
    """Print the environment that makes every tool use the local cloud: eval "$(./slipway local env)"."""
    print(json.dumps(environment.variables(), indent=1) if as_json else environment.exports())
    if not all(process.find(name) for name in daemons.DAEMONS):
        say("the local cloud is not running; start it with: ./slipway local start")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show what runs, where, and how much memory it holds."""
    import psutil
    from rich.console import Console
    from rich.table import Table

    rows = []
    for one in process.running():
        members = process.members(one)
        memory = 0
        for member in members:
            try:
                memory += member.memory_full_info().pss
            except (psutil.Error, AttributeError):
                continue
        rows.append({"name": one.name, "pid": one.pid, "processes": len(members), "memory_mib": memory >> 20})
    if as_json:
        total = sum(int(str(row["memory_mib"])) for row in rows)
        print(json.dumps({"processes": rows, "ports": ports(), "memory_mib": total}, indent=1))
        return
    table = Table("process", "pid", "MiB", title=None)
    for row in rows:
        table.add_row(str(row["name"]), str(row["pid"]), str(row["memory_mib"]))
    Console().print(table if rows else "the local cloud is not running; start it with: ./slipway local start")


@app.command()
def logs(
    name: Annotated[str, typer.Argument(help="aws, render, or what `status` lists.")] = "render",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as lines come.")] = False,
) -> None:
    """Print the last lines of a daemon's log."""
    path = daemons.log(name)
    if not path.exists():
        known = ", ".join(sorted(one.stem for one in path.parent.glob("*.log"))) or "none yet"
        raise LocalCloudError(f"no log named {name}", f"there are {known}", hint="./slipway local logs render")
    command = [shutil.which("tail") or "tail", "-n", "100", *(["-F"] if follow else []), str(path)]
    os.execv(command[0], command)  # noqa: S606 - becoming `tail` is the point


@app.command()
def git() -> None:
    """Print the URL of the local Git host: git push "$(./slipway local git)" HEAD:develop."""
    print(daemons.git_host())


def main() -> int:
    """Run one command; an error is told in one piece, with exit code 1."""
    try:
        app(prog_name="slipway local", standalone_mode=True)
    except LocalCloudError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
