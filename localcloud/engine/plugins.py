"""Gives the engine its provider plugins: the real ones where they can be downloaded, else the stand-ins."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from console.errors import ExplainedError
from localcloud.engine.install import Engine, Progress
from localcloud.plugins import bundle

PACKAGES = {"aws": "pulumi-aws", "random": "pulumi-random"}
RELEASES = "https://get.pulumi.com"


def ensure(engine: Engine, home: Path, progress: Progress) -> None:
    """Install each plugin at its locked package's version into `home`; one that is there is left alone."""
    wanted = {name: importlib.metadata.version(package) for name, package in PACKAGES.items()}
    missing = {name: version for name, version in wanted.items() if not _program(home, name, version).exists()}
    for name in wanted.keys() - missing.keys():
        _renew(_program(home, name, wanted[name]), name)
    if not missing:
        return
    if _reachable():
        progress("downloading the plugins " + ", ".join(f"{name} {version}" for name, version in missing.items()))
        missing = {name: version for name, version in missing.items() if _install(engine, home, name, version)}
    if missing:
        progress(f"the plugins {', '.join(missing)} cannot be downloaded: using stand-ins")
        with tempfile.TemporaryDirectory() as scratch:
            for name, _, folder in bundle.bundle(Path(scratch)):
                if name in missing and (refusal := _install(engine, home, name, missing[name], file=folder)):
                    hint = "once that is mended, run the same command again; for a full disk: df -h"
                    raise ExplainedError(f"cannot install the stand-in for {name}", refusal, hint=hint)


def _program(home: Path, name: str, version: str) -> Path:
    return home / "plugins" / f"resource-{name}-v{version}" / f"pulumi-resource-{name}"


def _renew(program: Path, name: str) -> None:
    """A stand-in that was installed by an older checkout starts as one of this."""
    with program.open("rb") as file:
        stand_in = file.read(2) == b"#!"  # the real ones are no scripts
    if stand_in:
        bundle.write_start(program, name)


def _reachable() -> bool:
    try:
        with urllib.request.urlopen(RELEASES, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _install(engine: Engine, home: Path, name: str, version: str, file: Path | None = None) -> str:
    """Install one plugin; returns why it failed, or nothing."""
    command = [str(engine.pulumi), "plugin", "install", "resource", name, version]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
    done = subprocess.run(
        [*command, "--file", str(file)] if file else command,
        env=kept | {"PULUMI_HOME": str(home)},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return done.stderr.strip() or "it said nothing" if done.returncode else ""
