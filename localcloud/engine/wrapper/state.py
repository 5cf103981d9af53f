"""A stack's state: made where there is none yet, and put in order after a killed run.

Both clouds' providers look for what is already there before they create.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from localcloud.engine.wrapper.context import Context, say


def make_stack(context: Context, stack: str) -> None:
    """Have the stack that a command is about, if there is a file for it."""
    if context.state(stack).exists() or not (context.project.folder / f"Pulumi.{stack}.yaml").exists():
        return
    code = context.run("stack", "init", stack, "--no-select", cwd=context.scratch_project())
    if code != 0 and not context.state(stack).exists():  # else another command has made it meanwhile
        sys.stderr.write(context.output)
        sys.exit(code)


def mend(path: Path, stack: str) -> None:
    """Undo a write of the state that was cut short: its side file, or the state itself, which has a copy."""
    copy = path.with_name(f"{path.name}.bak")
    for one in (path, copy):
        side = one.with_name(f"{one.name}.attrs")
        if side.exists() and not _readable(side):
            side.unlink(missing_ok=True)
    if path.exists() and not _readable(path) and _readable(copy):
        copy.replace(path)
        say(f"an earlier run was killed while it wrote the state of {stack}: the copy before it is taken")


def forget_creating(path: Path) -> None:
    """Drop the pending creates of a state: Pulumi would warn of them for ever."""
    text = path.read_text() if path.exists() else ""
    if '"pending_operations"' not in text:
        return
    state = json.loads(text)
    latest = state["checkpoint"].get("latest") or {}
    pending = latest.get("pending_operations") or []
    creating = [one["resource"]["urn"].rpartition("::")[2] for one in pending if one["type"] == "creating"]
    if creating:
        latest["pending_operations"] = [one for one in pending if one["type"] != "creating"]
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_text(json.dumps(state, indent=4))
        temporary.replace(path)
        say(f"it was creating {', '.join(creating)}: what is there already will be found and kept")


def _readable(path: Path) -> bool:
    try:
        json.loads(path.read_text())
    except (OSError, ValueError):
        return False
    return True
