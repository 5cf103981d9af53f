"""A checkout with the local `pulumi`, in front of a CLI that says what it was given."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from console import inherited
from localcloud.engine import wrapper
from tests.support.measuring import measuring

# It writes where the CLI would: a stack's salt beside the Pulumi.yaml, a setting into the file that is named.
FAKE = """#!/bin/sh
for word; do
    case $word in --cwd=*) cd "${word#--cwd=}" ;; esac
done
echo "$*" >>"$STATE/commands"
case "$1 $2" in
"stack init")
    mkdir -p "$STATE/.pulumi/stacks/cams" && echo '{}' >"$STATE/.pulumi/stacks/cams/$3.json"
    echo "encryptionsalt: v1:salt" >"$PWD/Pulumi.$3.yaml"
    ;;
"config set") [ "$5" = --config-file ] && printf '  %s: "%s"\\n' "$7" "$8" >>"$6" ;;
esac
echo "$PWD|$*"
"""
STAGING = "# settings\nconfig:\n  # the region\n  aws:region: eu-central-1\n  cams:branch: staging\n"
COPY = ".local/stacks/Pulumi.staging.yaml"


def make_checkout(folder: Path) -> None:
    """One stack file, the wrapper, and that CLI."""
    (folder / "Pulumi.yaml").write_text("name: cams\nruntime: python\n")
    (folder / "Pulumi.staging.yaml").write_text(STAGING)
    (folder / "infra").mkdir()
    source, copy = Path(wrapper.__file__).parent, folder / "localcloud" / "engine" / "wrapper"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for above in (0, 1):
        shutil.copy(source.parents[above] / "__init__.py", copy.parents[above])
    (folder / "console").symlink_to(Path(inherited.__file__).parent)
    (folder / ".local" / "state").mkdir(parents=True)
    real = folder / "real-pulumi"
    real.write_text(FAKE)
    real.chmod(0o755)
    (folder / ".local" / "engine.json").write_text(json.dumps({"pulumi": str(real)}))


def pulumi(
    checkout: Path,
    *words: str,
    backend: str | None = None,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    state = checkout / ".local" / "state"
    env = {
        "PATH": os.environ["PATH"],
        "SLIPWAY_ROOT": str(checkout),
        "STATE": str(state),
        "PULUMI_BACKEND_URL": backend or f"file://{state}",
        **measuring(),
        **(variables or {}),
    }
    isolated = ["-I"] if measuring() else ["-I", "-S"]  # what measures comes by `site`
    command = [sys.executable, *isolated, str(checkout / "localcloud/engine/wrapper/__main__.py"), *words]
    return subprocess.run(command, env=env, cwd=folder or checkout, capture_output=True, text=True, check=False)


def state_with(checkout: Path, pending: list[dict[str, object]]) -> Path:
    """A state of the stack with these pending operations."""
    path = checkout / ".local/state/.pulumi/stacks/cams/staging.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"version": 3, "checkpoint": {"latest": {"pending_operations": pending}}}))
    return path
