"""The door to Pulumi: its CLI, and the state that it keeps."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.errors import ExplainedError
from infra.application import APPLICATION
from ops.doors import programs
from ops.doors.cloud import Cloud
from ops.doors.programs import ROOT


@dataclass(frozen=True)
class Pulumi:
    """The CLI in the environment of that cloud."""

    cloud: Cloud

    @property
    def program(self) -> str:
        """The one on its PATH; the local cloud always has one."""
        path = shutil.which("pulumi", path=self.cloud.variables.get("PATH", ""))
        if path is None:
            from importlib.metadata import version  # takes a moment to load, and is for this error alone

            raise ExplainedError(
                "cannot run pulumi",
                "it is not on PATH",
                hint=f"install pulumi {version('pulumi')} or later (https://www.pulumi.com/docs/install)",
            )
        return path

    def up(self, environment: str, options: Sequence[str], variables: Mapping[str, str]) -> int:
        """Run `pulumi up`, which speaks for itself; returns its exit code, or raises `InterruptedRunError`."""
        command = [self.program, "up", "--stack", environment, *options]
        return programs.run(command, {**self.cloud.variables, **variables})

    def version(self) -> str:
        """The CLI's, as in `v3.255.0`."""
        return self._capture("version").stdout.strip()

    def preview(self, environment: str, *, refresh: bool = False, save: Path | None = None) -> dict[str, Any]:
        """What `pulumi preview --json` tells: each step, and why; the plan is written to `save`."""
        options = [*(["--refresh"] if refresh else []), *(["--save-plan", str(save)] if save else [])]
        done = self._capture("preview", "--stack", environment, "--json", *options)
        try:
            told: dict[str, Any] = json.loads(done.stdout)
        except ValueError:
            told = {}
        if done.returncode != 0 or "steps" not in told:
            said = [
                str(one.get("message", "")) for one in told.get("diagnostics") or [] if one.get("severity") == "error"
            ]
            raise ExplainedError(
                f"cannot preview {environment}",
                "\n".join(said).strip() or done.stderr.strip() or done.stdout.strip()[-2000:],
                hint=f"./slipway up {environment}",
            )
        return told

    def refresh(self, environment: str, urns: Sequence[str]) -> int:
        """Have the state say how these resources are; like `up`."""
        targets = [word for urn in urns for word in ("--target", urn)]
        options = ["--yes", "--skip-preview", "--suppress-outputs", *targets]
        return programs.run([self.program, "refresh", "--stack", environment, *options], self.cloud.variables)

    def destroy(self, environment: str) -> int:
        """Remove all that the state knows; like `up`."""
        options = ["--yes", "--skip-preview", "--suppress-outputs"]
        return programs.run([self.program, "destroy", "--stack", environment, *options], self.cloud.variables)

    def stacks(self) -> list[str]:
        """The names of all there are."""
        if folder := self._state_folder():
            return sorted(path.stem for path in folder.glob("*.json"))
        done = self._capture("stack", "ls", "--json")
        if done.returncode != 0:
            raise ExplainedError("cannot list the stacks", done.stderr.strip(), hint="pulumi stack ls")
        return sorted(str(one["name"]).rpartition("/")[2] for one in json.loads(done.stdout))

    def make_stack(self, environment: str, *, key: str = "") -> None:
        """Make the stack where it is missing. `up` would, too, but later, and tells what is in the way.

        `key` names what encrypts its secrets; without it only the file backend's are made, which has its own.
        """
        state = self._state_file(environment)
        if state and not state.exists():
            self._capture("stack", "init", environment, "--no-select")
        elif key and environment not in self.stacks():
            words = ("stack", "init", environment, "--no-select", "--secrets-provider", key)
            self._require(f"cannot make {environment}", *words)

    def remove_stack(self, environment: str) -> None:
        """Forget a stack in which there is nothing any more."""
        self._require(f"cannot remove the state of {environment}", "stack", "rm", environment, "--yes", "--force")

    def resources(self, environment: str) -> list[dict[str, Any]]:
        """Everything in the stack's state."""
        if state := self._state_file(environment):
            with suppress(OSError, ValueError, KeyError):  # the CLI says why it cannot be read
                latest = json.loads(state.read_text())["checkpoint"]["latest"] or {}
                return list(latest.get("resources") or [])
        done = self._capture("stack", "export", "--stack", environment)
        if done.returncode != 0:
            raise ExplainedError(
                f"cannot read what {environment} consists of", done.stderr.strip(), hint=f"./slipway up {environment}"
            )
        return list(json.loads(done.stdout)["deployment"].get("resources") or [])

    def _state_file(self, environment: str) -> Path | None:
        folder = self._state_folder()
        return folder / f"{environment}.json" if folder else None

    def _state_folder(self) -> Path | None:
        """Where Pulumi's file backend keeps the stacks' state; None for other backends. To read it starts no CLI."""
        scheme, _, folder = self.cloud.variables.get("PULUMI_BACKEND_URL", "").partition("://")
        return Path(folder, ".pulumi", "stacks", APPLICATION.name) if scheme == "file" else None

    def _require(self, what: str, *words: str) -> None:
        done = self._capture(*words)
        if done.returncode != 0:
            raise ExplainedError(what, done.stderr.strip(), hint=f"pulumi {' '.join(words)}")

    def _capture(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [self.program, *words]
        environ = self.cloud.variables
        return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
