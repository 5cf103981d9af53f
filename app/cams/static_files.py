"""Collects static files once per release, into a folder that exists also where the app's own is read-only."""

import fcntl
import hashlib
import logging
import os
import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from cams.failures import StartError

logger = logging.getLogger("cams.static_files")

STAMP = ".collected"


def default_root(version: str) -> str:
    """The release's folder among this user's temporary files."""
    release = re.sub(r"[^A-Za-z0-9._-]", "-", version)
    return str(Path(tempfile.gettempdir(), f"cams-static-{os.getuid()}-{release}"))


def collect() -> None:
    """Make STATIC_ROOT hold this release's files, hashed and compressed; nothing to do where it already does."""
    root = Path(settings.STATIC_ROOT)
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        if root.stat().st_uid != os.getuid():
            raise PermissionError("it belongs to another user")
        with (root / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _collect(root)
    except OSError as error:
        raise StartError(
            "cannot collect static files",
            f"{root}: {error.strerror or error}",
            "set STATIC_ROOT to a folder that this user may write",
        ) from error


def _collect(root: Path) -> None:
    stamp = root / STAMP
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        logger.info("static files are already in %s", root)
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)
    logger.info("collected static files into %s", root)


def _fingerprint() -> str:
    """A hash of every source file and of how they are stored."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda item: item[0]):
            digest.update(f"\0{path}\0".encode())
            digest.update(Path(storage.path(path)).read_bytes())
    return digest.hexdigest()
