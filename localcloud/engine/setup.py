"""Puts the engine where `slipway local env` points: `.local/bin`, `.local/pulumi` and `.local/state`."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from pathlib import Path

from localcloud.engine import install, plugins
from localcloud.engine.install import Engine, Progress
from localcloud.machine.paths import checkout, folder, local, write_atomically
from pulumi_plugin.launch import script

WRAPPER = Path(__file__).with_name("wrapper") / "__main__.py"


def ensure(progress: Progress) -> None:
    """Have an engine, its plugins, and the local `pulumi` and `docker`. Quick when they are there, safe to repeat."""
    recorded = _recorded()
    engine = recorded or install.ensure(progress)
    pulumi = _with_language_host(engine.pulumi, renew=recorded is None)
    plugins.ensure(pulumi, folder("pulumi"), progress)
    folder("state")
    python = shlex.quote(sys.executable)
    _script(folder("bin") / "pulumi", f'exec {python} -I -S {shlex.quote(str(WRAPPER))} "$@"\n')
    _script(folder("bin") / "docker", script("-I", "-m", "localcloud.docker"))
    record = {"pulumi": str(pulumi), "version": install.VERSION}
    if engine.official:  # other projects may need what is installed beside it
        record["elsewhere"] = str(engine.pulumi)
    write_atomically(local() / "engine.json", json.dumps(record, indent=1).encode())


def path() -> list[Path]:
    """The folders that go in front of PATH."""
    return [local() / "bin", Path(sys.executable).parent]


def _with_language_host(engine: Path, *, renew: bool) -> Path:
    """The same engine in a folder of this checkout, an official one too: it takes the language host beside itself."""
    here = folder("engine") / "pulumi"
    if renew or not here.exists():
        waiting = here.with_name(f".pulumi.{os.getpid()}")
        try:
            os.link(engine.resolve(), waiting)
        except OSError:  # another file system, or another user's file
            shutil.copy(engine, waiting)
        waiting.replace(here)
        waiting.unlink(missing_ok=True)  # a link is not moved onto another of the same file
    _script(here.with_name("pulumi-language-python"), script("-m", "localcloud.engine.language_host"))
    return here


def _recorded() -> Engine | None:
    try:
        record = json.loads((local() / "engine.json").read_text())
    except FileNotFoundError:
        return None
    engine = Engine(Path(record.get("elsewhere", record["pulumi"])), official="elsewhere" in record)
    fits = record["version"] == install.VERSION and engine.pulumi.exists() and install.knows_user(engine.pulumi)
    return engine if fits else None


def _script(target: Path, lines: str) -> None:
    root = shlex.quote(str(checkout()))
    text = f'#!/bin/sh\n: "${{SLIPWAY_ROOT:={root}}}"; export SLIPWAY_ROOT\n{lines}'
    if not target.exists() or target.read_text() != text:
        write_atomically(target, text.encode(), mode=0o700)
