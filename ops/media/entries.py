"""What an inventory of the copy knows of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ops.doors.media_bucket import Found


@dataclass(frozen=True)
class Entry:
    """A line of an inventory: what the file was, and where in the copy its bytes are."""

    key: str
    size: int
    etag: str
    modified: str
    version: str
    sha256: str
    place: str
    stored: int
    headers: Mapping[str, Any] = field(default_factory=dict)

    def is_of(self, found: Found, below: str) -> bool:
        """Whether it tells of that very file, kept below that place: it need not be read again."""
        same = (self.size, self.etag, self.modified) == (found.size, found.etag, found.modified)
        return same and self.place.startswith(below)
