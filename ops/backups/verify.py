"""Whether a backup is whole: every stored byte read, its checksum held, opened, unpacked, and parsed to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from console.errors import ExplainedError
from ops.backups.manifest import Manifest
from ops.backups.opened import Progress, opened, unopened
from ops.doors.objects import Objects


class Parse(Protocol):
    """What `pg_restore` says while it reads an archive to its end; an error where it cannot."""

    def __call__(self, chunks: Iterator[bytes], *, major: int) -> str: ...


@dataclass(frozen=True)
class Verified:
    """One that is whole."""

    manifest: Manifest
    tables: int
    """Of which rows lie in it."""


def verify(
    manifest: Manifest,
    objects: Objects,
    identities: Sequence[Any],
    parse: Parse,
    *,
    progress: Progress = lambda size: None,
    say: Callable[[str], None] = lambda text: None,
) -> Verified:
    """The first thing that is wrong is an error. That it can be restored, only a drill proves."""
    tables, major = 0, int(manifest.tools.pg_dump.partition(".")[0])
    for part in manifest.parts:
        say(f"{part.name}: {part.size} bytes")
        tables += _tables_of(_parsed(opened(objects, part, identities, progress), parse, major))
    held = sum(one.get("hash") is not None and one.get("kind", "table") == "table" for one in _tables(manifest))
    if tables < held:
        raise ExplainedError(
            f"backup {manifest.id} is not whole", f"it has rows of {tables} tables, and its manifest names {held}"
        )
    return Verified(manifest, tables)


def verify_stored(
    manifest: Manifest,
    objects: Objects,
    *,
    progress: Progress = lambda size: None,
    say: Callable[[str], None] = lambda text: None,
) -> None:
    """Sizes and SHA-256 alone, as nobody's key is at hand: nothing is opened, so what it holds stays unknown."""
    for part in manifest.parts:
        say(f"{part.name}: {part.size} bytes")
        unopened(objects, part, progress)


def _parsed(chunks: Iterator[bytes], parse: Parse, major: int) -> str:
    """`pg_restore` may stop before the end, which has to be read all the same: only then is its checksum known."""
    said = parse(chunks, major=major)
    for _ in chunks:
        continue
    return said


def _tables_of(said: str) -> int:
    return sum("processing data for table" in line for line in said.splitlines())


def _tables(manifest: Manifest) -> list[dict[str, Any]]:
    return list(manifest.contents.get("tables", {}).values())
