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
        write_start(place / place.name, name)
        written.append((name, f"v{version}", place))
    return written


def write_start(path: Path, name: str) -> None:
    """Write what the engine starts. -I: the folder that the program runs in must not hide modules of Python's own."""
    text = ("#!/bin/sh\n" + script("-I", "-m", "localcloud.plugins", name)).encode()
    if not path.exists() or path.read_bytes() != text:
        write_atomically(path, text, mode=0o700)
