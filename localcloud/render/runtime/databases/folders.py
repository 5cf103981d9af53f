"""Where the PostgreSQL servers of this checkout live.

The user who runs them for root usually cannot reach the checkout, so their programs and data are then in a folder of
their own under /var/tmp. Only that folder's permissions are set; nothing that was there before is changed. For
everybody else all of it stays under `.local/`.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from pathlib import Path

import psutil

from localcloud.machine import paths
from localcloud.render.runtime.databases.account import Account, unprivileged
from localcloud.render.runtime.failures import RuntimeFailure, explained

MARKER = "slipway-postgres.json"


def account() -> Account:
    """This checkout's, its folder made when it is missing."""
    with explained("cannot make a folder for PostgreSQL"):
        if os.geteuid() != 0:
            return Account(paths.folder("render", "postgres"), None)
        return _of_root()


def reset_folders() -> list[Path]:
    """What `local reset` must remove besides `.local/`: folders that this checkout's servers use elsewhere."""
    record = paths.local() / "render" / "postgres-home.json"
    try:
        folder = Path(json.loads(record.read_text())["folder"])
    except (OSError, ValueError, KeyError):
        return []
    marked = _marker(folder)
    return [folder] if marked and marked.get("checkout") == str(paths.checkout()) else []


def _of_root() -> Account:
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
    account = Account(folder, unprivileged())
    if not folder.exists():
        folder.mkdir(mode=0o700)
        marker = {"checkout": str(paths.checkout()), "id": identity}
        paths.write_atomically(folder / MARKER, json.dumps(marker).encode())
    paths.write_atomically(record, json.dumps({"folder": str(folder), "id": identity}).encode())
    account.admit()
    return account


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
