"""A cloud on this machine: start, stop, status, reset, env, logs, git."""

from __future__ import annotations

from console import loading

if __name__ == "__main__":
    loading.begin()

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from console import inherited
from console.errors import ExplainedError, from_system
from localcloud import daemons, environment
from localcloud.engine import home
from localcloud.machine import process, servers
from localcloud.machine.paths import git_host, keep_private
from localcloud.machine.ports import ports

WRONG_USE = 2
INTERRUPTED = 130  # what Typer makes of Ctrl-C

app = typer.Typer(help="The cloud on this machine.", add_completion=False, pretty_exceptions_enable=False)
AsJson = Annotated[bool, typer.Option("--json", help="Print data for programs.")]


def say(message: str) -> None:
    """Talk goes to stderr: stdout is data."""
    sys.stderr.write(f"slipway: {message}\n")


@app.command()
def start(
    as_json: AsJson = False,
    postgres: Annotated[str, typer.Option(metavar="VERSION", help="What the first database will be.")] = "",
) -> None:
    """Start what does not run yet, and have an engine for it."""
    if inherited.name() is None:
        from localcloud.render.runtime import check_user

        check_user()
    servers.require()
    home.ensure(say)
    daemons.start(say, postgres=postgres)
    if as_json:
        print(json.dumps({"environment": environment.changes(), "git": str(git_host())}, indent=1))


@app.command()
def engine() -> None:
    """Have Pulumi's CLI and its plugins, and start nothing."""
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
    """Print the environment that makes every tool use the local cloud.

    To use it: eval "$(./slipway local env)"; as JSON, null stands for a variable that must not be set.
    """
    print(json.dumps(environment.changes(), indent=1) if as_json else environment.exports())
    if not all(process.find(name) for name in daemons.DAEMONS):
        say("the local cloud is not running; start it with: ./slipway local start")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show what runs, where, in which state, and how much memory it holds."""
    rows, kept = _processes(), ports()
    found = _services() if any(row["name"] == "render" for row in rows) else []
    total = sum(row["memory_mib"] for row in rows)
    if as_json:
        shown = {"services": found, "processes": rows, "ports": kept, "memory_mib": total}
        print(json.dumps(shown, indent=1))
    elif not rows:
        print("the local cloud is not running; start it with: ./slipway local start")
    else:
        if found:
            _table(("service", "kind", "state", "url"), [tuple(one.values()) for one in found])
            print()
        cells = [(row["name"], row["pid"], _port(row["name"], kept), row["memory_mib"]) for row in rows]
        _table(("process", "pid", "port", "MiB"), [*cells, ("together", "", "", total)])


def _processes() -> list[dict[str, Any]]:
    import psutil

    rows = []
    families = process.families()
    for one in process.running():
        family = families.get(one.name, [])
        memory = 0
        for member in family:
            try:
                held = member.memory_full_info()
                memory += getattr(held, "pss", held.uss)  # macOS does not tell what is shared by how many
            except psutil.Error:
                continue
        rows.append({"name": one.name, "pid": one.pid, "processes": len(family), "memory_mib": memory >> 20})
    return rows


def _port(name: str, kept: dict[str, int]) -> int | str:
    """The port kept for a process; a service's edge has the service's own."""
    return kept.get(name, kept.get(f"service-{name.removeprefix('edge-')}", ""))


def _services() -> list[dict[str, str]]:
    from localcloud.services import services

    try:
        return [asdict(one) for one in services()]
    except ExplainedError as error:
        say(str(error))  # the processes are shown all the same
        return []


def _table(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Columns side by side; a number stands on the right of its column."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(titles, *texts, strict=True)]
    right = [all(isinstance(cell, int) or cell == "" for cell in column) for column in zip(*rows, strict=True)]
    for row in ([*titles], *texts):
        cells = zip(row, widths, right, strict=True)
        print("  ".join(cell.rjust(width) if number else cell.ljust(width) for cell, width, number in cells).rstrip())


@app.command()
def logs(
    name: Annotated[str, typer.Argument(help="A service, or a daemon: aws, render.")] = "render",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as lines come.")] = False,
    count: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many of the newest lines.")] = 100,
) -> None:
    """Print the last lines of a service's or a daemon's log."""
    if name not in daemons.DAEMONS:
        from localcloud.services import lines

        for line in lines(name, newest=count, follow=follow):
            print(line, flush=follow)
        return
    path = daemons.log(name)
    if not path.exists():
        raise ExplainedError(f"no log of {name}", "it was never started", hint="./slipway local start")
    command = [shutil.which("tail") or "tail", "-n", str(count), *(["-F"] if follow else []), str(path)]
    os.execv(command[0], command)  # noqa: S606 - becoming `tail` is the point


@app.command()
def git() -> None:
    """Print the URL of the local Git host.

    To push to it: git push "$(./slipway local git)" HEAD:develop
    """
    print(git_host())


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; an error is told in one piece: exit code 1, for wrong use 2."""
    keep_private()
    try:
        code = app(words or sys.argv[1:] or ["--help"], prog_name="slipway local", standalone_mode=False)
    except TyperException as error:
        context = getattr(error, "ctx", None)
        hint = f"./{context.command_path if context else 'slipway local'} --help"
        sys.stderr.write(f"error: {error.format_message()}\n\nhint: {hint}\n")
        return WRONG_USE
    except (ExplainedError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"error: {from_system(error)}\n")
        return 1
    if code == INTERRUPTED:
        sys.stderr.write("\nerror: interrupted\n\nhint: run the same command again to go on\n")
        return 1
    return code or 0


if __name__ == "__main__":
    loading.done()
    inherited.settle()
    sys.exit(main())
