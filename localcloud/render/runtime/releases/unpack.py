"""Unpacks archives that others made: nothing is ever written outside the folder given."""

from __future__ import annotations

import os
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from localcloud.render.runtime.failures import RuntimeFailure

LARGEST = 4 * 1024**3
WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"


def unpack(archive: IO[bytes], folder: Path, *, what: str) -> None:
    """Unpack a tar (gzip or not) into `folder`, the later of two entries winning, as layers do.

    Directories, files, links inside the archive and whiteouts are all there is; an entry that leads outside, by its
    name or through a link, is refused, and so is a device.
    """
    budget = LARGEST
    try:
        with tarfile.open(fileobj=archive, mode="r|*") as tar:
            for member in tar:
                budget -= member.size
                if budget < 0:
                    raise RuntimeFailure(f"{what} is refused: unpacked it is larger than {LARGEST // 1024**3} GiB")
                _entry(tar, member, folder, what)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise RuntimeFailure(f"{what} is damaged: {error}") from error


def _entry(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, what: str) -> None:
    path = _inside(folder, member.name, member.name, what)
    if path == folder:
        return
    if path.name == OPAQUE:
        for old in path.parent.iterdir():
            _remove(old)
        return
    if path.name.startswith(WHITEOUT):
        _remove(path.with_name(path.name.removeprefix(WHITEOUT)))
        return
    if member.isdir():
        if path.is_symlink() or not path.is_dir():
            _remove(path)
            path.mkdir()
        return
    _remove(path)
    if member.isreg():
        source = tar.extractfile(member)
        if source is None:
            raise RuntimeFailure(f"{what} is damaged: {member.name} has no content")
        with source, os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(source, file)
        path.chmod(0o700 if member.mode & 0o100 else 0o600)
    elif member.issym():
        target = PurePosixPath(member.linkname)
        depth = len(PurePosixPath(member.name).parts) - 1
        ups = sum(1 for part in target.parts if part == "..")
        if target.is_absolute() or ups > depth or ".." in target.parts[ups:]:
            raise RuntimeFailure(f"{what} is refused: the link {member.name} leads outside, to {member.linkname}")
        path.symlink_to(member.linkname)
    elif member.islnk():
        path.hardlink_to(_inside(folder, member.linkname, member.name, what))
    else:
        raise RuntimeFailure(f"{what} is refused: {member.name} is neither a file, a directory nor a link")


def _inside(folder: Path, name: str, entry: str, what: str) -> Path:
    """The path of an entry, its parents made; none of them may be a link that was unpacked before."""
    parts = PurePosixPath(name).parts
    if ".." in parts or PurePosixPath(name).is_absolute() or "\0" in name:
        raise RuntimeFailure(f"{what} is refused: the entry {entry} leads outside")
    path = folder
    for part in parts[:-1]:
        path = path / part
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            raise RuntimeFailure(f"{what} is refused: the entry {entry} leads through {part}, which is no directory")
        path.mkdir(exist_ok=True)
    return folder.joinpath(*parts)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
