"""What a command is about: the real CLI, the local cloud, and the project."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from localcloud.engine.wrapper.project import Project


class Context:
    """Where the backend keeps a stack, and how another command of the CLI is run."""

    def __init__(self, local: Path, pulumi: str, project: Project) -> None:
        self.local = local
        self.pulumi = pulumi
        self.project = project
        self.output = ""  # of the last command that was run beforehand
        self._backend = local / "state" / ".pulumi"

    def state(self, stack: str) -> Path:
        """Where the backend keeps a stack."""
        return self._backend / "stacks" / self.project.name / f"{stack}.json"

    def locks(self, stack: str) -> Path:
        """Where it keeps a stack's locks."""
        return self._backend / "locks" / "organization" / self.project.name / stack

    def scratch_project(self) -> Path:
        """A project of the same name that is nobody's: what the CLI writes there does no harm."""
        folder = self.local / "stacks" / "init"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "Pulumi.yaml").write_text(f"name: {self.project.name}\nruntime: python\n")
        return folder

    def run(self, *words: str, cwd: Path, show: bool = False) -> int:
        """Another command of the CLI, before the one that was asked for; nobody can answer its questions."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_OPTION_")}
        command = [self.pulumi, *words, "--non-interactive"]
        done = subprocess.run(command, cwd=cwd, env=env, capture_output=not show, text=True, check=False)
        self.output = done.stderr or done.stdout
        return done.returncode


def say(message: str) -> None:
    """Talk to the person."""
    sys.stderr.write(f"slipway: {message}\n")
