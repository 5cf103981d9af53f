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


def ensure(progress: Progress) -> Engine:
    """Have an engine, its plugins, and the local `pulumi` and `docker`. Quick when they are there, safe to repeat."""
    engine = _recorded() or install.ensure(progress)
    plugins.ensure(engine, folder("pulumi"), progress)
    folder("state")
    python = shlex.quote(sys.executable)
    _script(folder("bin") / "pulumi", f'exec {python} -I -S {shlex.quote(str(WRAPPER))} "$@"\n')
    _script(folder("bin") / "docker", script("-I", "-m", "localcloud.docker"))
    if not engine.official:
        engine = _with_language_host(engine, script("-m", "localcloud.engine.language_host"))
    record = {"pulumi": str(engine.pulumi), "official": engine.official, "version": install.VERSION}
    write_atomically(local() / "engine.json", json.dumps(record, indent=1).encode())
    return engine


def _with_language_host(engine: Engine, command: str) -> Engine:
    """The same engine in a folder of this checkout, beside its language host: there it looks without a warning."""
    here = folder("engine") / "pulumi"
    if not here.exists() or not install.knows_user(here):
        waiting = here.with_name(f".pulumi.{os.getpid()}")
        try:
            os.link(engine.pulumi, waiting)
        except OSError:  # another file system, or another user's file
            shutil.copy(engine.pulumi, waiting)
        waiting.replace(here)
    _script(here.with_name("pulumi-language-python"), command)
    return Engine(here, official=False)


def path() -> list[Path]:
    """The folders that go in front of PATH."""
    engine = _recorded()
    official = [engine.pulumi.parent] if engine and engine.official else []
    return [local() / "bin", Path(sys.executable).parent, *official]


def _recorded() -> Engine | None:
    try:
        record = json.loads((local() / "engine.json").read_text())
    except FileNotFoundError:
        return None
    engine = Engine(Path(record["pulumi"]), record["official"])
    fits = record["version"] == install.VERSION and engine.pulumi.exists() and install.knows_user(engine.pulumi)
    return engine if fits else None


def _script(target: Path, lines: str) -> None:
    root = shlex.quote(str(checkout()))
    text = f'#!/bin/sh\n: "${{SLIPWAY_ROOT:={root}}}"; export SLIPWAY_ROOT\n{lines}'
    if not target.exists() or target.read_text() != text:
        write_atomically(target, text.encode(), mode=0o700)
