"""The branches that the environments track, on the Git host of the local cloud."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from infra.config import ENVIRONMENTS
from ops import cloud
from ops.cloud import ROOT
from ops.errors import OpsError
from ops.say import say
from ops.stacks import load


def seed() -> None:
    """Push HEAD as every tracked branch to a Git host that has no branch yet; later pushes are the user's."""
    host = cloud.ask_local("git")
    if _git("--git-dir", host, "for-each-ref", "--count=1"):
        return
    wanted = [load(environment).branch for environment in ENVIRONMENTS]
    say(f"pushing HEAD to the local Git host as {', '.join(wanted)}")
    _git("push", "--quiet", host, *(f"HEAD:refs/heads/{branch}" for branch in wanted))


def _git(*words: str) -> str:
    command: Sequence[str] = ("git", *words)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OpsError(
            f"cannot prepare the local Git host: {done.stderr.strip()}",
            hint="the checkout must be a git repository with a commit: git init && git add . && git commit",
        )
    return done.stdout.strip()
