"""The branches that the environments track, on the Git host of the local cloud."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from infra.config import ENVIRONMENTS
from ops.cloud import ROOT, Cloud
from ops.errors import OpsError
from ops.say import say
from ops.stacks import load


def seed(target: Cloud) -> None:
    """Give the local Git host the branches that the stack files name, where it has none."""
    push(ROOT, target.git_host, [load(environment).branch for environment in ENVIRONMENTS])


def push(checkout: Path, host: str, branches: Sequence[str]) -> bool:
    """Push HEAD as every branch to a host that has no branch yet; later pushes are the user's (docs/adr/0013)."""
    if _git(checkout, "--git-dir", host, "for-each-ref", "--count=1"):
        return False
    say(f"pushing HEAD to the local Git host as {', '.join(branches)}")
    _git(checkout, "push", "--quiet", host, *(f"HEAD:refs/heads/{branch}" for branch in branches))
    return True


def _git(checkout: Path, *words: str) -> str:
    command = ("git", *words)
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OpsError(
            f"cannot prepare the local Git host: {done.stderr.strip()}",
            hint="the checkout must be a git repository with a commit: git init && git add . && git commit",
        )
    return done.stdout.strip()
