"""A media bucket and a store in memory, of which a test can say what fails."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from console.errors import ExplainedError
from ops.doors.media_bucket import ChangedError, Found, Reading


class FakeBucket:
    """Files by their keys; each put gives another ETag, as an encrypted bucket does."""

    name = "cams-staging-media-123456789012"

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.files: dict[str, tuple[bytes, Found, dict[str, Any]]] = {}
        self.reads: list[str] = []
        self.on_read: Callable[[str], None] = lambda key: None
        self.puts = 0
        for key, content in (files or {}).items():
            self.keep(key, content)

    def keep(self, key: str, content: bytes, **headers: Any) -> None:
        """Upload one."""
        self.puts += 1
        etag = f'"{hashlib.sha256(content).hexdigest()[:8]}-{self.puts}"'
        found = Found(key, len(content), etag, f"2026-11-27T00:00:{self.puts % 60:02}Z")
        self.files[key] = content, found, headers

    def list(self) -> Iterator[Found]:
        """By key, as they are when it begins."""
        yield from [self.files[key][1] for key in sorted(self.files)]

    def look(self, key: str) -> tuple[Found, Mapping[str, Any]] | None:
        """As it is now."""
        return self.files[key][1:] if key in self.files else None

    def read(self, found: Found) -> Reading:
        """That one, or none."""
        self.on_read(found.key)
        self.reads.append(found.key)
        there = self.files.get(found.key)
        if there is None or there[1] != found:
            raise ChangedError(found.key)
        content = there[0]
        return Reading(f"v{found.etag}", there[2], iter([content[:7], content[7:]]))

    def put(self, key: str, chunks: Iterator[bytes], headers: Mapping[str, Any]) -> None:
        """Whole or not."""
        self.keep(key, b"".join(chunks), **headers)


class MemoryStore:
    """What was put, by its place."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.puts: list[str] = []
        self.refuses: Callable[[str], bool] = lambda place: False

    def size(self, place: str) -> int | None:
        """Of what is there."""
        return len(self.kept[place]) if place in self.kept else None

    def put(self, place: str, chunks: Iterator[bytes]) -> int:
        """Once."""
        content = b"".join(chunks)
        if self.refuses(place):
            raise ExplainedError(f"cannot put {place}", "the disk is full")
        self.puts.append(place)
        return len(self.kept.setdefault(place, content))

    def read(self, place: str) -> Iterator[bytes]:
        """In two pieces."""
        if place not in self.kept:
            raise ExplainedError(f"cannot read {place}", "there is none")
        content = self.kept[place]
        yield content[:100]
        yield content[100:]

    def list(self, below: str) -> Iterator[tuple[str, int]]:
        """By place."""
        for place in sorted(self.kept):
            if place.startswith(below):
                yield place, len(self.kept[place])

    def finish(self) -> None:
        """All is there."""
