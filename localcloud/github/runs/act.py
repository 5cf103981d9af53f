"""How act is asked to run one job on this machine, with no container and no network.

https://github.com/nektos/act
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from localcloud.machine.paths import folder

ACTIONS = Path(__file__).parents[1] / "actions"
RUNNERS = ("ubuntu-24.04", "ubuntu-latest", "ubuntu-22.04", "ubuntu-24.04-arm")
DECLARED = (".github/workflows", ".github/actions")


@dataclass(frozen=True)
class Call:
    """One run of act."""

    words: Sequence[str]
    environment: Mapping[str, str]


def call(
    act: Path,
    *,
    file: Path,
    source: Path,
    scratch: Path,
    event: str,
    payload: Mapping[str, Any],
    context: Mapping[str, str],
    secrets: Mapping[str, str],
    variables: Mapping[str, str],
    environment: Mapping[str, str],
) -> Call:
    """The command, and what it is started with.

    `source` is the repository at the run's commit; `context` what GitHub's own variables say; `environment` the
    machine's. Secrets go by a file that only its user reads: a command line is everybody's.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    _write(scratch / "event.json", json.dumps(payload))
    _write(scratch / "secrets", _lines(secrets))
    _write(scratch / "vars", _lines(variables))
    _write(scratch / "context", _lines(context))
    words = [str(act), event, "--workflows", str(file), "--directory", str(source)]
    words += ["--eventpath", str(scratch / "event.json"), "--secret-file", str(scratch / "secrets")]
    words += ["--var-file", str(scratch / "vars"), "--env-file", str(scratch / "context")]
    words += ["--input-file", os.devnull, "--actor", context.get("GITHUB_ACTOR", "octocat")]
    words += [word for runner in RUNNERS for word in ("--platform", f"{runner}=-self-hosted")]
    words += ["--action-cache-path", str(folder("github", "workspaces")), "--action-offline-mode"]
    words += ["--use-new-action-cache", "--no-skip-checkout", "--no-cache-server", "--rm", "--json"]
    words += [word for action in actions(source) for word in ("--local-repository", action)]
    return Call(words, environment)


def actions(source: Path) -> list[str]:
    """Each action that the repository's files name and we have a local one for, at the commit that they name."""
    named = sorted({used for path in _files(source) for used in _used(path)})
    found = {}
    for used in named:
        repository, _, reference = used.partition("@")
        place = ACTIONS / "/".join(repository.split("/")[:2])
        if reference and place.is_dir():
            found[f"{'/'.join(repository.split('/')[:2])}@{reference}"] = place
    return [f"{name}={place}" for name, place in found.items()]


def without_local_one(source: Path) -> list[str]:
    """Those that cannot be run here."""
    named = {used for path in _files(source) for used in _used(path) if not used.startswith("./")}
    return sorted(used for used in named if not (ACTIONS / "/".join(used.partition("@")[0].split("/")[:2])).is_dir())


def _files(source: Path) -> list[Path]:
    return sorted(path for place in DECLARED for path in (source / place).rglob("*.y*ml"))


def _used(path: Path) -> set[str]:
    try:
        said = yaml.safe_load(path.read_text())
    except (OSError, yaml.YAMLError):
        return set()
    return set(_uses(said))


def _uses(said: Any) -> list[str]:
    if isinstance(said, dict):
        here = [said["uses"]] if isinstance(said.get("uses"), str) else []
        return here + [used for value in said.values() for used in _uses(value)]
    return [used for value in said for used in _uses(value)] if isinstance(said, list) else []


def _lines(values: Mapping[str, str]) -> str:
    """As act's files have it: godotenv's, in which a value in double quotes may hold anything."""
    return "".join(f"{name}={json.dumps(value)}\n".replace("$", "\\$") for name, value in values.items())


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)
