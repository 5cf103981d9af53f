"""Git's own commands on the bare repository of this machine; a fork's branches are a namespace in it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

from console import inherited
from localcloud.machine.paths import git_host

SECONDS = 60
ZERO = "0" * 40


class GitError(Exception):
    """Git refused; its own words."""


def git(*arguments: str, stdin: str | None = None, env: Mapping[str, str] | None = None) -> str:
    """What a command prints."""
    ended = run(*arguments, stdin=stdin, env=env)
    if ended.returncode != 0:
        raise GitError(ended.stderr.strip() or f"git {arguments[0]} exited with {ended.returncode}")
    return ended.stdout


def run(
    *arguments: str, stdin: str | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A command and how it ended."""
    return subprocess.run(
        ["git", f"--git-dir={git_host()}", *arguments],
        env={**inherited.git(), **(env or {})},
        input=stdin,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=SECONDS,
        check=False,
    )


def prefix(owner: str, own: bool) -> str:
    """Where an owner's refs are: those of the repository itself at the root."""
    return "" if own else f"refs/namespaces/{owner.lower()}/"


def refs(under: str) -> dict[str, str]:
    """The refs below a prefix and what they point to."""
    lines = git("for-each-ref", "--format=%(refname) %(objectname)", under).splitlines()
    return {name: sha for name, _, sha in (line.partition(" ") for line in lines)}


def resolve(name: str) -> str | None:
    """The commit that a name or an id means."""
    if name.startswith("-"):
        return None
    ended = run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return ended.stdout.strip() or None


def tree_of(commit: str) -> str:
    """The id of a commit's tree."""
    return git("rev-parse", f"{commit}^{{tree}}").strip()


def update(ref: str, new: str, old: str | None = None) -> None:
    """Point a ref to a commit, if it still points to `old`; `ZERO` for one that must not be there."""
    git("update-ref", ref, new, *([old] if old is not None else []))


def delete(ref: str, old: str | None = None) -> None:
    """Remove a ref."""
    git("update-ref", "-d", ref, *([old] if old is not None else []))


def is_ancestor(older: str, newer: str, env: Mapping[str, str] | None = None) -> bool:
    """Whether `newer` has `older` in its history."""
    return run("merge-base", "--is-ancestor", older, newer, env=env).returncode == 0


def merge_base(one: str, other: str) -> str | None:
    """Their best common ancestor."""
    return run("merge-base", one, other).stdout.strip() or None


def quarantine() -> dict[str, str]:
    """For a hook before it is accepted: where git keeps the objects of the push that it judges."""
    names = ("GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
    return {name: os.environ[name] for name in names if name in os.environ}


def blob_bytes(sha: str) -> bytes:
    """What a file holds."""
    command = ["git", f"--git-dir={git_host()}", "cat-file", "blob", sha]
    return subprocess.run(command, env=inherited.git(), capture_output=True, timeout=SECONDS, check=True).stdout
