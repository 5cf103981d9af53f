"""The branches that the environments track, on the Git host of the local cloud."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from console import inherited
from console.errors import ExplainedError
from infra.config import ENVIRONMENTS
from ops.cloud import ROOT, Cloud
from ops.say import say
from ops.stacks import load


def seed(target: Cloud) -> None:
    """Give the local Git host the branches that the stack files name, where it has none."""
    push(ROOT, target.git_host, [load(environment).branch for environment in ENVIRONMENTS])


def push(checkout: Path, host: str, branches: Sequence[str]) -> bool:
    """Give HEAD as every branch to a host that has no branch yet; later pushes are the user's (docs/adr/0013).

    The host fetches it: a push would run the checkout's hooks and follow its configuration.
    """
    if _git(host, "for-each-ref", "--count=1"):
        return False
    say(f"pushing HEAD to the local Git host as {', '.join(branches)}")
    # A checkout may be a shallow one, as CI systems make them, and its later pushes are, too.
    _git(host, "config", "receive.shallowUpdate", "true")
    wanted = (str(checkout), *(f"HEAD:refs/heads/{branch}" for branch in branches))
    # FETCH_HEAD would be a file that others may write.
    fetch = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--update-shallow")
    try:
        _git(host, *fetch, *wanted)
    except ExplainedError:  # a partial clone has the files of what was checked out alone
        _git(host, *fetch, "--depth=1", *wanted)
    return True


def _git(host: str, *words: str) -> str:
    command = ("git", "--git-dir", host, *words)
    done = subprocess.run(command, env=inherited.git(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ExplainedError(
            f"cannot prepare the local Git host: {done.stderr.strip()}",
            hint="the checkout must be a git repository with a commit: git init && git add . && git commit",
        )
    return done.stdout.strip()
