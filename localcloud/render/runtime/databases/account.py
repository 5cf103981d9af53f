"""Which user of this machine runs the PostgreSQL servers, and where that user's files are.

PostgreSQL refuses to run as root: there it runs as an existing user without rights. A user whom the machine does not
know, as containers have, is lent the name that `initdb` asks for.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from console import inherited
from console.errors import ExplainedError
from localcloud.machine import paths
from localcloud.render.runtime.failures import RuntimeFailure

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
class Account:
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
        entry = pwd.getpwnam(unprivileged())
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


def check_user() -> None:
    """Refuse a user whom the machine does not know where none can be lent a name: `initdb` would fail later."""
    if os.geteuid() == 0 or inherited.name() is not None:
        return
    asks = [sys.executable, "-I", "-S", "-c", "import os, pwd; pwd.getpwuid(os.geteuid())"]
    done = subprocess.run(
        Account(paths.folder("render"), None).named(asks), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        uid, gid, place = os.geteuid(), os.getegid(), os.environ.get("HOME", "/")
        raise ExplainedError(
            "cannot run PostgreSQL as this user",
            f"uid {uid} has no entry in /etc/passwd, which `initdb` asks for, and none can be lent here ({said})",
            hint=f"as root: echo 'slipway:x:{uid}:{gid}::{place}:/bin/sh' >>/etc/passwd",
        )


def unprivileged() -> str:
    """An existing user who has no rights."""
    for name in ("nobody", "daemon", "bin"):
        try:
            if pwd.getpwnam(name).pw_uid != 0:
                return name
        except KeyError:
            continue
    raise RuntimeFailure("cannot run PostgreSQL: this machine has no user `nobody`, `daemon` or `bin`")
