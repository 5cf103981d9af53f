"""Starts the process that loads what the engine is about to start, while the engine itself starts (docs/adr/0020)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from localcloud.engine.wrapper.locks import is_pulumi

ROOT = Path(__file__).resolve().parents[3]
LONGEST_SOCKET = 100  # the kernel's limit is 108 bytes, the end included
MODULES = (
    "pulumi",
    "pulumi_plugin.server",
    "botocore.session",
    "localcloud.plugins.aws.provider",
    "render_provider.provider.provider",
    "registry_provider.provider.provider",
    "localcloud.plugins.random.provider",
    "localcloud.docker.registry",
)


def start(local: Path) -> None:
    """Start it for the engine that this process becomes, and tell all that the engine starts where it listens."""
    folder = local / "run"
    for left in folder.glob("preload-*.sock"):
        if not is_pulumi(int(left.stem.partition("-")[2])):
            left.unlink(missing_ok=True)
    address = folder / f"preload-{os.getpid()}.sock"
    # On macOS a copy of a process that has loaded system libraries may not go on.
    if sys.platform != "linux" or len(os.fsencode(address)) > LONGEST_SOCKET or not folder.is_dir():
        return
    command = [sys.executable, "-u", "-m", "pulumi_plugin.preload", str(address), str(os.getpid()), *MODULES]
    quiet = subprocess.DEVNULL
    # In a session of its own: what a terminal sends to the command, such as Ctrl-C, is for the engine to pass on.
    subprocess.Popen(command, cwd=ROOT, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    os.environ["SLIPWAY_PRELOAD"] = str(address)
