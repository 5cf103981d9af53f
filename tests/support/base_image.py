"""An image to build `app` on where none can be pulled: this machine's Python, its libraries, and wheels."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.support.container_engine import ContainerEngine

NAME = "base:local"
# What the Dockerfile and scripts/backup.sh run besides Python.
PROGRAMS = tuple(
    map(
        Path,
        (
            *("/bin/sh", "/bin/chmod", "/usr/bin/install", "/usr/sbin/useradd"),
            *("/bin/date", "/bin/mv", "/bin/rm", "/bin/sleep", "/bin/sync", "/usr/bin/find", "/usr/bin/sha256sum"),
        ),
    )
)
# What a wheel may expect beside libc.so.6 on every Linux: https://peps.python.org/pep-0513/#the-manylinux1-policy
EXPECTED = (
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
    "libstdc++.so.6",
    "libutil.so.1",
)
# As the official image of Python: its own programs go before the system's.
SEARCHED = "PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
LEFT_OUT = shutil.ignore_patterns(
    "site-packages", "test", "tests", "idlelib", "tkinter", "turtledemo", "config-*", "_tkinter.*"
)
FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "etc/group": "root:x:0:\n",
    "etc/pip.conf": "[global]\nno-index = true\nfind-links = /var/wheels\ndisable-pip-version-check = true\n",
    "usr/local/bin/pip": "#!/usr/local/bin/python\nfrom pip._internal.cli.main import main\nexit(main())\n",
}
PYTHON = f"python{sysconfig.get_python_version()}"
ZONES = Path("/usr/share/zoneinfo")
CACHE = Path.home() / ".cache/slipway/wheels"


def missing() -> str | None:
    """Why none can be made of this machine, or None."""
    if absent := [str(program) for program in (*PROGRAMS, ZONES) if not program.exists()]:
        return f"this machine has no {', '.join(absent)} to make a base image of"
    return None if _bundled_pip() else "this machine's Python has no `ensurepip`, where the base image takes pip from"


def load(engine: ContainerEngine, requirements: Path) -> None:
    """Make it, and give it to an engine as `NAME`."""
    with tempfile.TemporaryDirectory(dir=engine.home) as folder:
        fill(Path(folder), requirements)
        packed = ["tar", "--create", "--owner=0", "--group=0", "--numeric-owner"]
        packed += ["--mode=a+rX", f"--directory={folder}", "."]  # whatever this process's umask is
        with subprocess.Popen(packed, stdout=subprocess.PIPE) as tar:
            engine.do("import", "--change", f"ENV {SEARCHED}", "-", NAME, stdin=tar.stdout)


def fill(root: Path, requirements: Path) -> None:
    """Its root file system, in an empty folder."""
    for name in ("tmp", "root", "srv", "var", "etc", "usr/local/bin"):
        (root / name).mkdir(parents=True)
    (root / "tmp").chmod(0o1777)
    for name, text in FILES.items():
        (root / name).write_text(text)
    (root / "usr/local/bin/pip").chmod(0o755)
    _add_python(root / "usr/local")
    shutil.copytree(ZONES, root.joinpath(*ZONES.parts[1:]), symlinks=True)  # the official image has Debian's tzdata
    shutil.copytree(wheels(requirements), root / "var/wheels")
    programs = {program: root.joinpath(*program.parts[1:]) for program in PROGRAMS}
    for program, place in programs.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(program, place)
    modules = (root / "usr/local/lib" / PYTHON / "lib-dynload").glob("*.so")
    expected = [_libc().with_name(name) for name in EXPECTED]
    needed = _libraries([*PROGRAMS, Path(sys.executable).resolve(), *modules, *expected])
    for library in {*needed, *expected}:
        # Python's own library may be in a folder that only this machine's loader looks into.
        folder = library.parent if library.is_relative_to("/lib64") else _libc().parent
        place = root.joinpath(*folder.parts[1:], library.name)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, place)


def wheels(requirements: Path) -> Path:
    """The folder with what a requirements file names, for this Python, from the index that pip is set up for."""
    key = hashlib.sha256(requirements.read_bytes() + PYTHON.encode()).hexdigest()[:16]
    kept = CACHE / key
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            fetched = Path(folder, "whole")
            pip = [sys.executable, f"{_bundled_pip()}/pip", "download", "--quiet", "--only-binary=:all:"]
            subprocess.run(
                [*pip, "--require-hashes", f"--dest={fetched}", "-r", requirements], check=True, timeout=300
            )
            fetched.rename(kept)
    return kept


def _add_python(prefix: Path) -> None:
    library = prefix / "lib" / PYTHON
    shutil.copytree(sysconfig.get_path("stdlib"), library, ignore=LEFT_OUT, symlinks=True)
    shutil.copy(Path(sys.executable).resolve(), prefix / "bin" / PYTHON)
    for name in ("python3", "python"):
        (prefix / "bin" / name).symlink_to(PYTHON)
    with zipfile.ZipFile(str(_bundled_pip())) as pip:
        pip.extractall(library / "site-packages")


def _bundled_pip() -> Path | None:
    found = Path(sysconfig.get_path("stdlib"), "ensurepip/_bundled").glob("pip-*.whl")
    return next(iter(sorted(found)), None)


def _libraries(programs: list[Path]) -> Iterator[Path]:
    told = subprocess.run(["ldd", *programs], capture_output=True, text=True, check=True).stdout
    yield from {Path(found) for found in re.findall(r"(?:=> |^\t)(/\S+) \(0x", told, re.MULTILINE)}


def _libc() -> Path:
    [libc] = [library for library in _libraries([PROGRAMS[0]]) if library.name.startswith("libc.")]
    return libc
