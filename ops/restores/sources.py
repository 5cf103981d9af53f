"""What is restored, by the word that names it: one of our backups, or a dump that somebody else made."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from console.errors import WRONG_USE, ExplainedError
from ops.backups.manifest import Manifest
from ops.backups.place import Place
from ops.backups.store import LATEST, Store
from ops.restores.foreign import Dump, local

S3 = "s3://"
BACKUP = re.compile(r"latest|\d{4}[\dTZ]*(?:-[0-9a-f]*)?")


@dataclass(frozen=True)
class Source:
    """One of both."""

    manifest: Manifest | None = None
    dump: Dump | None = None

    @property
    def name(self) -> str:
        """For people."""
        return self.manifest.id if self.manifest else self._dump.name

    @property
    def token(self) -> str:
        """The same for the same backup or file, in what databases may be called."""
        return self.manifest.id if self.manifest else f"file_{zlib.crc32(self._dump.name.encode()):08x}"

    @property
    def bytes(self) -> int | None:
        """That are to be read."""
        return self.manifest.size if self.manifest else self._dump.size

    @property
    def _dump(self) -> Dump:
        assert self.dump is not None  # noqa: S101 - it is one of both
        return self.dump


def source(place: Place, word: str) -> Source:
    """The newest backup where nothing is named; a file where there is one of that name."""
    if word.startswith(S3):
        return Source(dump=_stored(place, word))
    if word and Path(word).exists():
        return Source(dump=local(Path(word)))
    if word and not BACKUP.fullmatch(word):
        raise ExplainedError(
            f"cannot restore from {word}",
            "it is neither a backup's id nor a file that is there",
            hint=f"./slipway backup list {place.environment}",
            code=WRONG_USE,
        )
    store = Store(place.objects, place.environment, place.context.output.say)
    return Source(manifest=store.find(word or LATEST)[1])


def _stored(place: Place, word: str) -> Dump:
    parts = urlsplit(word)
    key = parts.path.lstrip("/")
    bucket: Any = place.context.doors.objects(place.clients, parts.netloc)
    found = bucket.head(key) if key else None
    if found is None:
        raise ExplainedError(f"cannot restore from {word}", "there is no such object", code=WRONG_USE)
    return Dump(Path(key).name, found.size, lambda: bucket.read(key))
