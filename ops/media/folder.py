"""A folder into which files are restored: each under its key, and none outside of it."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from console.errors import ExplainedError
from ops.media.entries import Entry
from ops.media.restoring import Why

CHUNK = 1024 * 1024


@dataclass
class IntoFolder:
    """Made where it is not there."""

    root: Path

    @property
    def shown(self) -> str:
        return str(self.root)

    def judged(self, entries: Iterator[Entry]) -> Iterator[tuple[Entry, Why | None]]:
        """By the bytes of the files."""
        for entry in entries:
            path = self.root / entry.key.lstrip("/")
            if not path.is_file():
                yield entry, "missing"
            elif path.stat().st_size != entry.size or _digest(path) != entry.sha256:
                yield entry, "different"
            else:
                yield entry, None

    def put(self, entry: Entry, chunks: Iterator[bytes]) -> None:
        """Under its name once it is whole."""
        path = self._path(entry.key)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.parent.resolve().is_relative_to(self.root.resolve()):
            raise ExplainedError(f"refused to restore {entry.key}", "a link leads out of the folder")
        draft = path.with_name(f".{secrets.token_hex(8)}")
        try:
            with draft.open("xb") as file:
                for chunk in chunks:
                    file.write(chunk)
            os.replace(draft, path)  # noqa: PTH105 - over what is there
        finally:
            draft.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        """Keys may be what no path can: two of them must not be one file."""
        if str(PurePosixPath(key)) != key or key.startswith("/") or ".." in PurePosixPath(key).parts or "\0" in key:
            raise ExplainedError(f"refused to restore {key!r}", "its key is no path of a file in a folder")
        return self.root / key


def _digest(path: Path) -> str:
    seen = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            seen.update(chunk)
    return seen.hexdigest()
