"""Bytes kept on disk under their own digest: the bodies of S3 objects and the layers of images."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from localcloud.images.reference import DIGEST, digest_of
from localcloud.machine.paths import write_atomically


class Blobs:
    """A folder of files named by the SHA-256 of what they hold. What is there is whole and never changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path:
        """Where the bytes of that digest are, or would be."""
        if not DIGEST.fullmatch(digest):
            raise ValueError(f"not a digest: {digest!r}")
        name = digest.removeprefix("sha256:")
        return self._folder / name[:2] / name

    def has(self, digest: str) -> bool:
        """Whether the bytes of that digest are here."""
        return bool(DIGEST.fullmatch(digest)) and self.path(digest).exists()

    def add(self, content: bytes) -> str:
        """Keep these bytes; gives their digest."""
        digest = digest_of(content)
        if not self.has(digest):
            write_atomically(self.path(digest), content)
        return digest

    def adopt(self, file: Path, digest: str) -> None:
        """Take over a finished file on the same disk whose digest was checked."""
        target = self.path(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)

    def read(self, digest: str) -> bytes:
        """The bytes of that digest."""
        return self.path(digest).read_bytes()

    def forget(self, digest: str) -> None:
        """Delete the bytes of that digest."""
        self.path(digest).unlink(missing_ok=True)

    def forget_all_but(self, wanted: Container[str]) -> int:
        """Delete what is no longer referred to, and what an interrupted write left; gives how many files."""
        gone = 0
        for file in self._folder.glob("??/*"):
            if f"sha256:{file.name}" not in wanted:
                file.unlink()
                gone += 1
        return gone
