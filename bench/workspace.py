"""What the measurements share: an empty local cloud of their own, a program of resources that do nothing, a clock."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def cloud() -> Iterator[dict[str, str]]:
    """The environment of a local cloud that starts empty, has its tools, and is forgotten at the end."""
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder:
        env = os.environ | {"SLIPWAY_ROOT": folder, "PATH": f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"}
        for name in ("RENDER_API_KEY", "RENDER_HOST"):
            env.pop(name, None)
        run([sys.executable, "-m", "localcloud", "engine"], env)
        try:
            yield env
        finally:
            run([sys.executable, "-m", "localcloud", "reset"], env)


def variables(env: dict[str, str]) -> dict[str, str]:
    """The environment that points every tool at that cloud."""
    changed = env | json.loads(run([sys.executable, "-m", "localcloud", "env", "--json"], env))
    return {name: value for name, value in changed.items() if value is not None}


@contextmanager
def program(env: dict[str, str], source: str) -> Iterator[Path]:
    """A Pulumi project of its own beside the real one, on the same engine, with the stack `floor`."""
    with tempfile.TemporaryDirectory(prefix="slipway-floor-") as name:
        folder = Path(name)
        noop = Path(__file__).with_name("noop")
        plugins = f"plugins:\n  providers:\n    - name: noop\n      path: {noop}\n"
        (folder / "Pulumi.yaml").write_text(f"name: floor\nruntime: python\nmain: program.py\n{plugins}")
        (folder / "program.py").write_text(source)
        run(["pulumi", "stack", "init", "floor"], env, folder)
        yield folder


def run(command: list[str], env: dict[str, str], cwd: Path = ROOT) -> str:
    """What the command prints; its failure ends the measurement with what it said."""
    done = subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def seconds(command: list[str], env: dict[str, str], cwd: Path = ROOT) -> float:
    """How long the command takes."""
    began = time.perf_counter()
    run(command, env, cwd)
    return time.perf_counter() - began


def told(values: list[float]) -> str:
    """Median and spread."""
    return f"{statistics.median(values):.2f} s ({min(values):.2f} to {max(values):.2f}, {len(values)} runs)"
