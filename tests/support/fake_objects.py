"""A bucket in memory, with what S3 refuses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from console.errors import REFUSED, ExplainedError
from ops.doors.objects import Entry, Stored


class MemoryObjects:
    """One bucket; `stored` are its objects, in the order in which they came."""

    def __init__(self, name: str = "cams-staging-backups-123456789012") -> None:
        self.name = name
        self.stored: dict[str, bytes] = {}
        self.modified: dict[str, datetime] = {}

    def put(self, key: str, chunks: Iterable[bytes], *, once: bool = True, size_hint: int | None = None) -> Stored:
        """All at once, at the end; a stream that fails leaves nothing."""
        content = b"".join(chunks)
        if once and key in self.stored:
            raise ExplainedError(f"refused to store {key}", "there is one already", code=REFUSED)
        self.stored[key] = content
        self.modified[key] = datetime.now(UTC)
        return Stored(len(content), hashlib.sha256(content).hexdigest())

    def get(self, key: str) -> bytes:
        """All of one."""
        return b"".join(self.read(key))

    def read(self, key: str) -> Iterator[bytes]:
        """In pieces that are short and uneven."""
        if key not in self.stored:
            raise ExplainedError(f"cannot read s3://{self.name}/{key}", "there is none")
        content = self.stored[key]
        for at in range(0, len(content), 10_007):
            yield content[at : at + 10_007]

    def head(self, key: str) -> Entry | None:
        """What is known of one."""
        if key not in self.stored:
            return None
        return Entry(key, len(self.stored[key]), self.modified[key])

    def list(self, prefix: str) -> Iterator[Entry]:
        """In the order of their keys."""
        for key in sorted(self.stored):
            if key.startswith(prefix):
                yield Entry(key, len(self.stored[key]), self.modified[key])

    def delete(self, key: str) -> None:
        """Take one away."""
        self.stored.pop(key, None)
