"""The kinds of commands, and what each of them needs before the real CLI does it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from localcloud.engine.wrapper import preload, state
from localcloud.engine.wrapper.context import Context, say
from localcloud.engine.wrapper.locks import unlock
from localcloud.engine.wrapper.project import working_folder
from localcloud.engine.wrapper.refusals import refusal
from localcloud.engine.wrapper.stack_file import keep_settings, with_copy
from localcloud.engine.wrapper.words import Words

OPERATIONS = {"up", "preview", "refresh", "destroy", "import", "watch", "logs"}
CHANGES = {"up", "refresh", "destroy", "import", "watch"}
READS = {"config", "config get", "config env", "config env list"}
WRITES = {"config set", "config set-all", "config remove", "config remove-all"}
# They know no --config-file, and write the salt beside the Pulumi.yaml of the folder that they run in.
ELSEWHERE = {"stack new", "stack history", "stack import", "state move"}


def prepare(words: Words, context: Context) -> Words:
    """Do what a command needs beforehand; returns the command line for the real CLI."""
    command = words.command
    stack = context.project.stack(words, Path(os.environ.get("PULUMI_HOME", context.local / "pulumi")))
    if reason := refusal(words, context.project, stack):
        sys.stderr.write(f"error: {reason}\n")
        sys.exit(2)
    if command in OPERATIONS and not (command == "up" and words.arguments):  # `up` of a template is another project's
        if command != "logs":
            preload.start(context.local)
        state.mend(context.state(stack), stack)
        state.make_stack(context, stack)
        keep_settings(words, context, stack)
        words = with_copy(words, context, stack)
        if command in CHANGES:
            unlock(context.locks(stack), stack)
            state.forget_creating(context.state(stack))
        if words.on("debug") or words.value("verbose"):
            os.environ["SLIPWAY_DEBUG"] = "1"
    elif command in READS:
        state.mend(context.state(stack), stack)
        words = with_copy(words, context, stack)
    elif command in WRITES:
        state.make_stack(context, stack)
    elif command in ELSEWHERE:
        words = _elsewhere(words, context, stack)
    elif command.startswith("stack"):
        _stack_command(words, context, stack)
    return words


def _elsewhere(words: Words, context: Context, stack: str) -> Words:
    """The same in a folder whose stack files are nobody's; what it is given stays what it was."""
    moved = words.with_option("cwd", str(context.scratch_project()))
    if words.command == "stack new":
        name = next(iter(words.arguments), words.value("stack"))
        if not name or words.on("no-select"):
            return moved
        if code := subprocess.run([context.pulumi, *moved.words], check=False).returncode:
            sys.exit(code)
        return Words(["stack", "select", name, f"--cwd={working_folder(words)}"])
    if stack:
        os.environ["PULUMI_STACK"] = stack
    if file := words.value("file"):
        return moved.with_option("file", str(working_folder(words) / file))
    return moved


def _stack_command(words: Words, context: Context, stack: str) -> None:
    if words.command in {"stack select", "stack remove"} and words.arguments:
        stack = words.arguments[0].rpartition("/")[2]
    state.mend(context.state(stack), stack)
    if words.command == "stack select" and words.on("create"):
        state.make_stack(context, stack)
    elif words.command == "stack remove" and not words.all("preserve-config"):
        os.environ["PULUMI_OPTION_PRESERVE_CONFIG"] = "true"
        say(f"Pulumi.{stack}.yaml is kept: it is checked in, and of every cloud")
