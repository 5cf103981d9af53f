"""Which Python runs an application: this machine's, when it has what is asked for, else one of its own."""

from __future__ import annotations

import fcntl
import hashlib
import platform
import shutil
import sys
import sysconfig
import threading
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from localcloud.machine import paths
from localcloud.render.runtime.failures import RuntimeFailure, explained
from localcloud.render.runtime.processes.commands import run
from localcloud.render.runtime.processes.environment import environment
from localcloud.render.runtime.values import Log

INSTALL_SECONDS = 1800.0
_checked: dict[str, bool] = {}


def programs(folder: Path, log: Log, cancelled: threading.Event | None = None) -> Path:
    """The `bin` folder of the Python for the application in `folder`; made first when it is missing."""
    wanted = folder / "requirements.txt"
    if not wanted.is_file():
        return _own()
    with explained("cannot read requirements.txt"):
        lines = list(_lines(wanted))
    key = hashlib.sha256("\n".join([platform.python_version(), sys.prefix, *lines]).encode()).hexdigest()[:16]
    if key not in _checked:
        _checked[key] = all(_satisfied(line) for line in lines)
    if _checked[key]:
        return _own()
    return _made(key, wanted, log, cancelled or threading.Event())


def _own() -> Path:
    return Path(sysconfig.get_path("scripts")) if sys.prefix != sys.base_prefix else Path(sys.executable).parent


def _made(key: str, wanted: Path, log: Log, cancelled: threading.Event) -> Path:
    venv = paths.folder("render", "venvs") / key
    with explained("cannot make a Python environment"), venv.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (venv / "complete").is_file():
            return venv / "bin"
        # Not moved into place when it is done: the programs in it name its path. The mark is written last instead.
        shutil.rmtree(venv, ignore_errors=True)
        log("this machine's Python lacks packages of requirements.txt: making an environment for it")
        uv = shutil.which("uv", path=f"{_own()}:{environment(programs=_own())['PATH']}")
        if uv:
            steps = [[uv, "venv", "--quiet", "--python", sys.executable, str(venv)]]
            steps += [[uv, "pip", "install", "--python", str(venv / "bin" / "python"), "-r", str(wanted)]]
        else:
            steps = [[sys.executable, "-m", "venv", str(venv)]]
            steps += [[str(venv / "bin" / "python"), "-m", "pip", "install", "--no-input", "-r", str(wanted)]]
        for step in steps:
            code, lines = run(
                f"venv-{key}",
                step,
                env=environment(programs=_own(), build=True),
                folder=wanted.parent,
                log=log,
                timeout=INSTALL_SECONDS,
                cancelled=cancelled,
            )
            if code != 0:
                raise RuntimeFailure(f"requirements.txt could not be installed: {Path(step[0]).name} failed", lines)
        (venv / "complete").touch()
    return venv / "bin"


def _lines(path: Path) -> Iterator[str]:
    """The requirements of a file and of those it includes, without comments, hashes and continuations."""
    for raw in path.read_text().replace("\\\n", " ").splitlines():
        line = raw.partition(" #")[0].partition(" --hash")[0].strip()
        if line.startswith(("-r ", "--requirement ")):
            yield from _lines(path.parent / line.partition(" ")[2].strip())
        elif line and not line.startswith("#"):
            yield line


def _satisfied(line: str, extras: tuple[str, ...] = (), seen: frozenset[str] = frozenset()) -> bool:
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        return False  # a URL, a path or an option of pip: only an environment of its own can tell
    if requirement.marker and not any(requirement.marker.evaluate({"extra": extra}) for extra in extras or ("",)):
        return True
    if requirement.url:
        return False
    try:
        installed = metadata.distribution(requirement.name)
    except metadata.PackageNotFoundError:
        return False
    if not requirement.specifier.contains(installed.version, prereleases=True):
        return False
    wanted = tuple(sorted(requirement.extras))
    mark = f"{requirement.name}{wanted}"
    if not wanted or mark in seen:
        return True
    return all(_satisfied(needed, wanted, seen | {mark}) for needed in installed.requires or () if "extra" in needed)
