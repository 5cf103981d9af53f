"""Which files of releases nothing needs any more."""

from __future__ import annotations

import shutil
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

UNUSED_SECONDS = 3 * 3600.0  # longer than a build may take: what a deploy has just fetched or builds is never deleted


def unused(folders: Iterable[Path], used: Collection[Path]) -> Iterator[Path]:
    """Those that were not touched for long and hold none of the used folders."""
    for folder in folders:
        try:
            idle = time.time() - folder.stat().st_mtime
        except FileNotFoundError:
            continue
        if idle > UNUSED_SECONDS and not any(one.is_relative_to(folder) for one in used):
            yield folder


def delete(folder: Path) -> None:
    """Delete it; interrupted, it leaves nothing that looks whole."""
    going = folder.with_name(f".old-{folder.name}")
    shutil.rmtree(going, ignore_errors=True)
    folder.rename(going)
    shutil.rmtree(going, ignore_errors=True)
