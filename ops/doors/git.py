"""The door to git: the local Git host, and repositories of others as far as they can be seen."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from contextlib import suppress
from pathlib import Path

from console import inherited
from console.errors import ExplainedError
from console.tars import extract

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


def commits_between(repository: Path, since: str, until: str) -> list[str] | None:
    """The commits that the second has and the first has not, newest first, a line each; None where it lacks one."""
    command = ["git", "-C", str(repository), "log", "--oneline", "--no-decorate", f"{since}..{until}", "--"]
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(
            command, env=inherited.git(), capture_output=True, text=True, timeout=SECONDS, check=False
        )
        return done.stdout.splitlines() if done.returncode == 0 else None
    return None


def answer(checkout: Path, *words: str) -> str | None:
    """What git says in a checkout; None where it refuses, as for a branch that is not there."""
    done = _git(checkout, *words)
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else None


def export(checkout: Path, ref: str, folder: str, target: Path) -> None:
    """The files of a folder as they are at a commit, written below `target`."""
    done = _git(checkout, "archive", "--format=tar", ref, "--", folder)
    if done.returncode != 0:
        raise ExplainedError(
            f"cannot take {folder} of {ref}", done.stderr.decode(errors="replace").strip(), hint="git fetch --all"
        )
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as files:
        extract(files, target)


def _git(checkout: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", "-C", str(checkout), *words], env=inherited.git(), capture_output=True, check=False)
