"""Writes the stand-in plugins as folders that `pulumi plugin install resource NAME VERSION --file FOLDER` takes."""

from __future__ import annotations

from pathlib import Path

from localcloud.machine.paths import write_atomically
from pulumi_plugin.launch import script

VERSIONS = {"aws": "7.51.1", "random": "4.21.4"}


def bundle(folder: Path) -> list[tuple[str, str, Path]]:
    """Write one folder for each plugin; returns its name, its version as `v1.2.3` and the folder."""
    written = []
    for name, version in VERSIONS.items():
        place = folder / f"pulumi-resource-{name}"
        # -I: the folder that the program runs in must not hide modules of the standard library.
        text = "#!/bin/sh\n" + script("-I", "-m", "localcloud.plugins", name)
        write_atomically(place / place.name, text.encode(), mode=0o700)
        written.append((name, f"v{version}", place))
    return written
