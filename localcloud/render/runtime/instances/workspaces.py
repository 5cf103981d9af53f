"""Folders of their own for whatever runs: instances never see what another one writes, as on Render."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from localcloud.machine import paths
from localcloud.render.runtime.failures import RuntimeFailure, explained
from localcloud.render.runtime.values import Release


@dataclass(frozen=True)
class Workspace:
    """A copy of the release, a folder for what is written in passing, and one for what a container is handed."""

    folder: Path

    @property
    def files(self) -> Path:
        """The release."""
        return self.folder / "files"

    @property
    def temporary(self) -> Path:
        """Its processes' home."""
        return self.folder / "tmp"

    @property
    def token(self) -> Path:
        """Where its token is, with what else a container is handed."""
        return self.folder / "shared/token"

    @property
    def environment(self) -> dict[str, str]:
        """Where its processes keep what they write in passing."""
        return {"HOME": str(self.temporary), "TMPDIR": str(self.temporary)}


def make(name: str, release: Release) -> Workspace:
    """A fresh workspace for one instance or one run."""
    folder = paths.folder("render", "workspaces") / name
    made = Workspace(folder)
    if not release.folder.is_dir():
        raise RuntimeFailure(f"cannot start {name}: the files of its release are gone; deploy again")
    with explained(f"cannot copy the release for {name}"):
        shutil.rmtree(folder, ignore_errors=True)
        try:
            shutil.copytree(release.folder, made.files, symlinks=True)
            made.temporary.mkdir()
            made.token.parent.mkdir()
        except shutil.Error as error:
            shutil.rmtree(folder, ignore_errors=True)
            _, _, why = error.args[0][0]
            raise RuntimeFailure(f"cannot copy the release for {name}: {why}") from error
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return made


def remove(name: str) -> None:
    """Delete one."""
    shutil.rmtree(paths.folder("render", "workspaces") / name, ignore_errors=True)


def sweep() -> None:
    """Delete all: nothing runs."""
    shutil.rmtree(paths.folder("render", "workspaces"), ignore_errors=True)
