"""The one Git repository of the local cloud: every repo URL means it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from console import inherited
from localcloud.machine.paths import git_host
from localcloud.render.runtime.failures import RuntimeFailure, explained
from localcloud.render.runtime.releases.unpack import unpack


def head(branch: str) -> str | None:
    """The commit at the head of a branch, or None. Reads a file where it can, because it is asked all the time."""
    if ".." in branch or branch.startswith(("/", "-")) or not branch:
        return None
    try:
        return (git_host() / "refs" / "heads" / branch).read_text().strip() or None
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return _packed(f"refs/heads/{branch}")


def message(commit: str) -> str:
    """The message of a commit."""
    return _git("log", "-1", "--format=%B", _checked(commit), "--").decode(errors="replace").strip()


def export(commit: str, folder: Path, below: str = "") -> None:
    """Unpack the files of a commit into `folder`: those below one of its folders, or all where there is none such."""
    commit = _checked(commit)
    with explained(f"cannot unpack commit {commit}"):
        only = ["--", f":(literal){below}"] if below and _is_folder(commit, below) else []
        argv = [*_command(), "archive", "--format=tar", commit, *only]
        with subprocess.Popen(argv, env=inherited.git(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as archive:
            if archive.stdout is None or archive.stderr is None:
                raise RuntimeFailure("git archive has no output")
            try:
                unpack(archive.stdout, folder, what=f"commit {commit}")
                archive.stdout.read()
            except RuntimeFailure:
                archive.kill()
                said = archive.stderr.read().decode(errors="replace").splitlines()
                if said:
                    raise RuntimeFailure(f"cannot unpack commit {commit}: git refused", said) from None
                raise


def _is_folder(commit: str, path: str) -> bool:
    try:
        return _git("cat-file", "-t", f"{commit}:{path}") == b"tree\n"
    except RuntimeFailure:
        return False


def _packed(reference: str) -> str | None:
    try:
        lines = (git_host() / "packed-refs").read_text().splitlines()
    except FileNotFoundError:
        return None
    return next((line.split()[0] for line in lines if line.endswith(f" {reference}")), None)


def _checked(commit: str) -> str:
    try:
        full = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
    except RuntimeFailure as failure:
        raise RuntimeFailure(f"there is no commit {commit} in the repository", failure.lines) from failure
    return full.decode().strip()


def _git(*arguments: str) -> bytes:
    with explained("git failed"):
        command = [*_command(), *arguments]
        return subprocess.run(command, env=inherited.git(), check=True, capture_output=True, timeout=60).stdout


def _command() -> list[str]:
    return ["git", f"--git-dir={git_host()}"]
