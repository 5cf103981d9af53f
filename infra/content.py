"""A name for what a folder holds: the same files, the same name, on every machine."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from build_context.files import files


def checkout() -> Path:
    """The one that the engine runs in: this module may be another's, where several share their packages."""
    here = Path.cwd()
    there = (one for one in (here, here.parent) if (one / "Pulumi.yaml").is_file())
    return next(there, Path(__file__).parents[1])


def content_hash(folder: Path, dockerfile: Path | None = None) -> str:
    """Hash the paths, contents and executable bits of all that a build of this folder would see.

    Its Dockerfile counts where the image does not have it too: it says what is built.
    """
    dockerfile = dockerfile or folder / "Dockerfile"
    own = {dockerfile.relative_to(folder).as_posix()} if dockerfile.is_file() else set()
    total = hashlib.sha256()
    for path in sorted({*files(folder, dockerfile), *own}):
        file = folder / path
        if file.is_symlink():
            kind, content = "link", os.fsencode(file.readlink())
        else:
            kind, content = "run" if file.stat().st_mode & stat.S_IXUSR else "file", file.read_bytes()
        total.update(f"{kind} {path} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()
