"""Files as a commit of the local cloud's one repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from localcloud.machine import paths


def commit_of(files: Mapping[str, str], folder: Path) -> str:
    """The head of `staging`, its first commit, in a repository that is made for it."""
    bare, work = paths.folder("git") / "repository.git", folder / "work"
    for name, content in files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(content)
    identity = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for command in (
        ["git", "init", "-q", "--bare", str(bare)],
        ["git", "init", "-q", "-b", "staging"],
        ["git", "add", "."],
        ["git", "commit", "-q", "-m", "Say hello"],
        ["git", "push", "-q", str(bare), "staging"],
    ):
        subprocess.run(command, cwd=work, check=True, env={**os.environ, **identity})
    found = subprocess.run(["git", "rev-parse", "HEAD"], cwd=work, check=True, capture_output=True, text=True)
    return found.stdout.strip()
