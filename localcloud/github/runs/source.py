"""What the repository declares at a run's commit, in a folder for act: its workflows and its own actions."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from console import inherited
from console.tars import extract
from localcloud.machine.paths import git_host

DECLARED = ".github"
SECONDS = 60


def read(sha: str, path: str) -> str | None:
    """A file at that commit; None where there is none."""
    done = _git("show", f"{sha}:{path}")
    return done.stdout.decode(errors="replace") if done.returncode == 0 else None


def workflows(sha: str) -> list[str]:
    """The files of workflows at that commit."""
    done = _git("ls-tree", "--name-only", "-z", f"{sha}:{DECLARED}/workflows")
    names = done.stdout.decode().split("\0") if done.returncode == 0 else []
    return [f"{DECLARED}/workflows/{name}" for name in names if name.endswith((".yml", ".yaml"))]


def paths(payload: Mapping[str, Any]) -> list[str]:
    """The files that a push or a pull request changes; of a new branch all of its own."""
    if pull := payload.get("pull_request"):
        between = f"{pull['base']['sha']}...{pull['head']['sha']}"
    elif payload.get("after") and not payload.get("deleted"):
        new = payload.get("created")
        between = payload["after"] if new else f"{payload['before']}..{payload['after']}"
        if new:
            return _named("ls-tree", "-r", "--name-only", "-z", between)
    else:
        return []
    return _named("diff", "--name-only", "-z", between)


def _named(*words: str) -> list[str]:
    done = _git(*words)
    return [name for name in done.stdout.decode(errors="replace").split("\0") if name] if done.returncode == 0 else []


def unpack(sha: str, folder: Path) -> Path:
    """Have it in that folder."""
    folder.mkdir(parents=True, exist_ok=True)
    done = _git("archive", "--format=tar", sha, DECLARED)
    if done.returncode == 0:
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as packed:
            extract(packed, folder)
    return folder


def _git(*words: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", f"--git-dir={git_host()}", *words]
    return subprocess.run(command, env=inherited.git(), capture_output=True, check=False, timeout=SECONDS)
