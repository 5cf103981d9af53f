"""Gives the engine its provider plugins: our stand-ins, or the real ones for who asks for them (docs/adr/0041)."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import tempfile
from pathlib import Path

from console.errors import WRONG_USE, ExplainedError
from localcloud.engine.install import Progress
from localcloud.plugins import bundle

PACKAGES = {"aws": "pulumi-aws", "random": "pulumi-random"}
WHICH = "SLIPWAY_PLUGINS"
KNOWN = (
    f"{WHICH}=real: the real plugins, with which nobody has run the local cloud. What is known: the aws plugin "
    "reads a bucket's tags by S3 Control, at <account>.<host>; put before the address in AWS_ENDPOINT_URL that is a "
    "name which resolves nowhere (`123456789012.127.0.0.1: no such host`)"
)


def ensure(pulumi: Path, home: Path, progress: Progress) -> None:
    """Install each plugin at its locked package's version into `home`; one that is there is left alone."""
    real = _real()
    if real:
        progress(KNOWN)
    missing = {}
    for name, package in PACKAGES.items():
        version = importlib.metadata.version(package)
        there = home / "plugins" / f"resource-{name}-v{version}" / f"pulumi-resource-{name}"
        if not there.exists() or _is_stand_in(there) is real:
            missing[name] = version
        elif not real:
            bundle.write_start(there, name)  # one of an older checkout starts as one of this
            (home / "schemas" / f"{name}-{version}.json").unlink(missing_ok=True)  # the engine's copy of it
    if real and missing:
        progress("downloading the plugins " + ", ".join(f"{name} {version}" for name, version in missing.items()))
    with tempfile.TemporaryDirectory() as scratch:
        for name, _, folder in bundle.bundle(Path(scratch)):
            if name in missing:
                _install(pulumi, home, name, missing[name], stand_in=None if real else folder)


def _real() -> bool:
    asked = os.environ.get(WHICH, "")
    if asked not in {"", "real"}:
        raise ExplainedError(
            "cannot choose the plugins",
            f"{WHICH} is {asked}; the only other ones that there are, are the real ones",
            hint=f"unset {WHICH}, or {WHICH}=real",
            code=WRONG_USE,
        )
    return bool(asked)


def _is_stand_in(program: Path) -> bool:
    """The real ones are no scripts."""
    with program.open("rb") as file:
        return file.read(2) == b"#!"


def _install(pulumi: Path, home: Path, name: str, version: str, *, stand_in: Path | None) -> None:
    command = [str(pulumi), "plugin", "install", "resource", name, version, "--reinstall"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
    done = subprocess.run(
        [*command, "--file", str(stand_in)] if stand_in else command,
        env=kept | {"PULUMI_HOME": str(home)},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode != 0:
        retry = "once that is mended, run the same command again; "
        raise ExplainedError(
            f"cannot install the {'stand-in for' if stand_in else 'real plugin'} {name}",
            done.stderr.strip() or "pulumi said nothing",
            hint=retry + ("for a full disk: df -h" if stand_in else f"to use the stand-ins: unset {WHICH}"),
        )
