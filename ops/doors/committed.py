"""The door to git for what is released: the checkout's last commit, its files, and the branches that hold it."""

from __future__ import annotations

import os
import subprocess
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from console import inherited
from console.errors import ExplainedError
from console.tars import extract

SECONDS = 15


@dataclass(frozen=True)
class Commit:
    """One, and what it holds."""

    id: str
    tree: str
    when: datetime


class Committed(Protocol):
    """What a release asks; this module answers it."""

    def head(self, checkout: Path) -> Commit: ...
    def uncommitted(self, checkout: Path) -> list[str]: ...
    def export(self, checkout: Path, commit: str, folder: str, target: Path) -> Path: ...
    def on_local_branch(self, host: str, branch: str, commit: str) -> bool: ...
    def on_branch(self, repository: str, checkout: Path, branch: str, commit: str) -> bool: ...


def head(checkout: Path) -> Commit:
    """What the checkout has committed last."""
    commit, tree, when = _in(checkout, "show", "--no-patch", "--format=%H %T %ct", "HEAD").split()
    return Commit(commit, tree, datetime.fromtimestamp(int(when), UTC))


def uncommitted(checkout: Path) -> list[str]:
    """The files that are changed, new or gone, and not committed."""
    told = _in(checkout, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames")
    return sorted(entry[3:] for entry in told.split("\0") if entry)


def export(checkout: Path, commit: str, folder: str, target: Path) -> Path:
    """Write a folder as it was committed to `target`, with nothing else of the checkout; gives where it is."""
    archive = target / "committed.tar"
    _in(checkout, "archive", "--format=tar", f"--output={archive}", commit, "--", folder)
    with tarfile.open(archive) as tar:
        extract(tar, target, rule="tar")
    archive.unlink()
    return target / folder


def on_local_branch(host: str, branch: str, commit: str) -> bool:
    """Whether a commit is on a branch of the local host, as its last one or one before that."""
    return _is_ancestor("--git-dir", host, commit, f"refs/heads/{branch}")


def on_branch(repository: str, checkout: Path, branch: str, commit: str) -> bool:
    """The same of a repository elsewhere; no, also where it cannot be seen from here."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "GIT_SSH_COMMAND": "ssh -o BatchMode=yes"}
    command = ["git", "ls-remote", repository, f"refs/heads/{branch}"]
    try:
        done = subprocess.run(
            command,
            env=given | quiet,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    last = done.stdout.partition("\t")[0]
    if done.returncode != 0 or not last:
        return False
    return last == commit or _is_ancestor("-C", str(checkout), commit, last)


def _is_ancestor(where: str, place: str, commit: str, of: str) -> bool:
    return _run("git", where, place, "merge-base", "--is-ancestor", commit, of).returncode == 0


def _in(checkout: Path, *words: str) -> str:
    done = _run("git", "-C", str(checkout), *words)
    if done.returncode != 0:
        hint = "the checkout must be a git repository with a commit"
        raise ExplainedError("cannot read what is committed", done.stderr.strip(), hint=hint)
    return done.stdout.strip("\n")


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=inherited.git(), capture_output=True, text=True, check=False)
