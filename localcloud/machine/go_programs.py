"""Programs that others wrote in Go: built once by their pinned version, and kept beside Pulumi's CLI."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from console.errors import ExplainedError

BUILD_SECONDS = 900
Progress = Callable[[str], None]


@dataclass(frozen=True)
class GoProgram:
    """One package of a module, at one version."""

    name: str
    package: str
    version: str

    @property
    def kept(self) -> Path:
        """Where it is once it was built; one file per version and machine type, shared by checkouts."""
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        machine = f"{platform.system().lower()}-{platform.machine()}"
        return cache / "slipway" / f"{self.name}-{self.version}-{machine}" / self.name

    def ensure(self, progress: Progress) -> Path:
        """The program; an interrupted build leaves nothing half-made. Raises `ExplainedError` without Go."""
        if not self.kept.exists():
            self._build(progress)
        return self.kept

    def _build(self, progress: Progress) -> None:
        go = shutil.which("go")
        if go is None:
            raise ExplainedError(
                f"cannot get {self.name}",
                f"it is built once from {self.package}, and there is no Go",
                hint="install Go (https://go.dev/dl), then run the same command again",
            )
        progress(f"building {self.name} {self.version} with {go} (once, about half a minute)")
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.kept.parent) as scratch:
            # What names another module or machine is left out.
            others = ("GOFLAGS", "GOWORK", "GO111MODULE", "GOOS", "GOARCH", "GOEXPERIMENT")
            given = {name: value for name, value in os.environ.items() if name not in others}
            done = subprocess.run(
                [go, "install", f"{self.package}@v{self.version}"],
                env=given | {"GOBIN": scratch, "CGO_ENABLED": "0"},
                cwd=scratch,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                timeout=BUILD_SECONDS,
            )
            made = Path(scratch) / self.name
            if done.returncode != 0 or not made.exists():
                raise ExplainedError(
                    f"cannot build {self.name}",
                    "\n".join(["`go install` failed:", *done.stderr.splitlines()[-8:]]),
                    hint="run the same command again; what was fetched is kept",
                )
            made.rename(self.kept)


ACT = GoProgram("act", "github.com/nektos/act", "0.2.89")
"""Runs workflow files. https://github.com/nektos/act"""
ACTIONLINT = GoProgram("actionlint", "github.com/rhysd/actionlint/cmd/actionlint", "1.7.12")
"""Checks workflow files. https://github.com/rhysd/actionlint"""
