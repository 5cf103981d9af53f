"""Prepares what a command of `pulumi` needs on the local cloud, and becomes the real CLI (docs/adr/0025)."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3]))  # last: what is in it never hides a module of Python's own

from console import inherited
from localcloud.engine.wrapper import commands
from localcloud.engine.wrapper.context import Context
from localcloud.engine.wrapper.project import Project
from localcloud.engine.wrapper.words import Words

ROOT = Path(__file__).resolve().parents[3]


def main() -> None:
    """A command of another project, or for another backend, is passed on as it is."""
    inherited.settle()
    os.umask(0o077)  # the state and what the plugins write are the user's alone
    local = Path(os.environ.get("SLIPWAY_ROOT", ROOT)) / ".local"
    engine = json.loads((local / "engine.json").read_text())
    words = Words(sys.argv[1:])
    ours = os.environ.get("PULUMI_BACKEND_URL") == f"file://{local / 'state'}"
    project = Project.of(words) if ours and not words.on("help") else None
    if project and project.name == Project(ROOT / "Pulumi.yaml").name:
        # The salt is in the state from the first; a stack file without it is one that has none of its own.
        os.environ["PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER"] = "true"
        if not words.value("policy-pack"):  # what runs one is found on PATH alone
            os.environ["PULUMI_IGNORE_AMBIENT_PLUGINS"] = "true"
        words = commands.prepare(words, Context(local, engine["pulumi"], project))
        pulumi = engine["pulumi"]
    else:
        pulumi = engine.get("elsewhere", engine["pulumi"])
    os.execv(pulumi, [pulumi, *words.words])  # noqa: S606 - becoming the CLI is the point


if __name__ == "__main__":
    main()
