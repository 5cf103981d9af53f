"""The door to git: the local Git host, and repositories of others as far as they can be seen."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress

from console import inherited
from console.errors import ExplainedError
from ops.doors.programs import ROOT

SECONDS = 15


def on_host(host: str, *words: str) -> str:
    """What git answers in the local host's repository, with none of the user's configuration."""
    command = ("git", "--git-dir", host, *words)
    done = subprocess.run(command, env=inherited.git(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ExplainedError(
            "cannot prepare the local Git host",
            done.stderr.strip(),
            hint="the checkout must be a git repository with a commit: git init && git add . && git commit",
        )
    return done.stdout.strip()


def branch_exists(repository: str, branch: str) -> bool | None:
    """Whether a branch is at GitHub; None when the repository cannot be seen from here, as a private one."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "ls-remote", "--exit-code", "--heads", repository, f"refs/heads/{branch}"]
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "GIT_SSH_COMMAND": "ssh -o BatchMode=yes"}
    with suppress(OSError, subprocess.TimeoutExpired):
        code = subprocess.run(
            command, env=given | quiet, capture_output=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
        ).returncode
        return {0: True, 2: False}.get(code)
    return None


def log(branch: str, without: str) -> list[str] | None:
    """The commits that a remote branch has and another has not, the newest first; None where one is not known."""
    ends = (f"refs/remotes/origin/{branch}", f"^refs/remotes/origin/{without}")
    command = ["git", "log", "--no-merges", "--format=%h %s", *ends, "--"]
    done = subprocess.run(command, env=inherited.git(), cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else None


def show(revision: str, path: str) -> str | None:
    """A file as it was at a revision; None where it was not there."""
    command = ["git", "show", f"{revision}:{path}"]
    done = subprocess.run(command, env=inherited.git(), cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None


def tree(revision: str) -> str | None:
    """The tree of a revision of this checkout; None for one that it does not have."""
    command = ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}"]
    done = subprocess.run(command, env=inherited.git(), cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or None
