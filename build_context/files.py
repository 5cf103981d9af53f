"""The files of a build context: all that Docker sends of a folder, less what is left out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from build_context.ignore import NOWHERE, Ignore, Match


def files(context: Path, dockerfile: Path) -> list[str]:
    """Files and links below the context, with `/`, sorted. Special files have no place in an image."""
    own = dockerfile.with_name(f"{dockerfile.name}.dockerignore")  # goes before the context's
    ignore_file = own if own.is_file() else context / ".dockerignore"
    ignore = Ignore.load(ignore_file) if ignore_file.is_file() else Ignore()
    return sorted(_below(context, "", ignore, NOWHERE))


def _below(folder: Path, path: str, ignore: Ignore, match: Match) -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except PermissionError:
        if match.left_out:
            return
        raise
    for entry in entries:
        inner = f"{path}{entry.name}"
        what = ignore.match(inner, match)
        if entry.is_dir(follow_symlinks=False):
            if not what.left_out or ignore.takes_back_below(inner):
                yield from _below(folder / entry.name, f"{inner}/", ignore, what)
        elif not what.left_out and (entry.is_symlink() or entry.is_file()):
            yield inner
