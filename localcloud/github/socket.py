"""Where gh reaches this GitHub: it speaks HTTP to one name alone, and to that over a socket if it is told one."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from console.errors import ExplainedError
from localcloud.machine.paths import folder, write_atomically

LONGEST = 100  # the kernel's limit is 108 bytes, the end included


def socket_path() -> Path:
    """In `.local/github`, or where that is too far down in a folder of this user's alone."""
    usual = folder("github") / "gh.sock"
    if len(os.fsencode(usual)) <= LONGEST:
        return usual
    short = Path(tempfile.gettempdir(), f"slipway-{os.getuid()}")
    short.mkdir(mode=0o700, exist_ok=True)
    if short.is_symlink() or short.stat().st_uid != os.getuid():
        raise ExplainedError(f"cannot use {short} for a socket", "it belongs to somebody else")
    return short / f"gh-{hashlib.sha256(os.fsencode(usual)).hexdigest()[:16]}.sock"


def config_folder() -> Path:
    """GH_CONFIG_DIR. https://cli.github.com/manual/gh_config (`http_unix_socket`)"""
    place = folder("github", "gh")
    write_atomically(place / "config.yml", f"http_unix_socket: {socket_path()}\n".encode())
    return place
