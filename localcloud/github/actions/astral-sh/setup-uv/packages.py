"""Gives a job's checkout the packages of the runner's own Python, as links, where `uv.lock` is the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LOCKED = ("uv.lock", "pyproject.toml")


def main() -> None:
    """Make `.venv`, with the mark by which `./slipway` sees that it fits."""
    theirs, ours = Path(sys.prefix), Path.cwd()
    hit = _same(theirs.parent, ours)
    if hit:
        _link(theirs, ours / ".venv")
    with Path(os.environ["GITHUB_OUTPUT"]).open("a") as output:
        output.write(f"cache-hit={str(hit).lower()}\n")


def _same(theirs: Path, ours: Path) -> bool:
    return all(
        (ours / name).exists() and (theirs / name).read_bytes() == (ours / name).read_bytes() for name in LOCKED
    )


def _link(theirs: Path, ours: Path) -> None:
    packages = Path("lib", f"python{sys.version_info.major}.{sys.version_info.minor}", "site-packages")
    (ours / packages).mkdir(parents=True)
    for name in ("bin", "pyvenv.cfg"):
        (ours / name).symlink_to(theirs / name)
    for entry in (theirs / packages).iterdir():
        if entry.suffix == ".pth" and str(theirs.parent) in (text := entry.read_text()):
            (ours / packages / entry.name).write_text(text.replace(str(theirs.parent), str(ours.parent)))
        else:
            (ours / packages / entry.name).symlink_to(entry)
    told = subprocess.run(
        ["sh", "-c", "cat uv.lock pyproject.toml | cksum"], capture_output=True, check=True, text=True
    )
    python = subprocess.run(["python3", "-V"], capture_output=True, check=True, text=True)
    (ours / ".slipway").write_text(f"{told.stdout.strip()} {ours.parent} {python.stdout}")


if __name__ == "__main__":
    main()
