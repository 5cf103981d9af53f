"""Unpacking a tar of our own making, or one whose digest is known."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any


def extract(tar: tarfile.TarFile, folder: Path, *, rule: str = "data") -> None:
    """Unpack all of it by one of Python's rules, `data` or `tar`; before 3.11.4 there is none, and none is held.

    https://docs.python.org/3/library/tarfile.html#supporting-older-python-versions
    """
    kept: Any = getattr(tarfile, f"{rule}_filter", None)
    if kept is not None:
        tar.extraction_filter = kept
    tar.extractall(folder)  # noqa: S202 - the rule is held where there is one
