"""What a file holds is told by its content: how it is compressed, which dump is inside, and whether it is whole."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import zstandard

from console.errors import REFUSED, ExplainedError

HEAD_BYTES = 64 << 10
SLICE_BYTES = 64 << 10  # what is unpacked at once stays small, however well it was compressed
TAR_MAGIC = slice(257, 262)
ARCHIVE = b"PGDMP"
AS_TAR = 3  # pg_dump's number for that format
WINDOW = 1 << 31
DUMP = b"PostgreSQL database dump"
CLUSTER = b"PostgreSQL database cluster dump"
# The version of an archive's format tells the first pg_restore that can read it.
READERS = {(1, 15): 16, (1, 16): 17}


class Kind(StrEnum):
    """Of a dump."""

    custom = "a custom-format archive of pg_dump"
    tar = "a tar archive of pg_dump"
    directory = "a directory archive of pg_dump in a tar file, as Render exports it"
    script = "an SQL script"


@dataclass(frozen=True)
class Unwrapped:
    """A dump without its wrappings: its beginning, then all of it."""

    kind: Kind
    layers: tuple[str, ...]
    head: bytes
    chunks: Iterator[bytes]

    @property
    def reader(self) -> int:
        """The major version of pg_restore that is needed to read it, as far as its beginning tells."""
        start = 512 if self.kind is Kind.tar else 0
        if self.kind in (Kind.script, Kind.directory):
            return 0
        return READERS.get((self.head[start + 5], self.head[start + 6]), 0)


def damaged(why: str) -> ExplainedError:
    """What is refused before, and thrown away after, it is known."""
    return ExplainedError(
        "cannot restore from this file", why, hint="make or fetch it again; nothing was changed by it", code=REFUSED
    )


def unwrap(chunks: Iterable[bytes], name: str) -> Unwrapped:
    """By its content; the name is only for what is told."""
    rest, layers = iter(chunks), list[str]()
    while True:
        head, rest = peeked(rest, HEAD_BYTES)
        wrapping = next((one for magic, one in WRAPPINGS.items() if head.startswith(magic)), "")
        if not wrapping:
            return Unwrapped(_kind(head, name), tuple(layers), head, rest)
        layers.append(wrapping)
        rest = _opened(rest, wrapping)


def peeked(chunks: Iterable[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    """That much of the beginning, and everything."""
    rest, taken, length = iter(chunks), [], 0
    while length < size and (chunk := next(rest, None)) is not None:
        taken.append(chunk)
        length += len(chunk)
    head = b"".join(taken)

    def everything() -> Iterator[bytes]:
        yield head
        yield from rest

    return head, everything()


def _kind(head: bytes, name: str) -> Kind:
    if head.startswith(ARCHIVE):
        return Kind.custom
    if head[TAR_MAGIC] == b"ustar":
        inside = head[512:]
        return Kind.tar if inside.startswith(ARCHIVE) and inside[10:11] == bytes([AS_TAR]) else Kind.directory
    if head.startswith(b"SQLite format 3\0"):
        raise damaged(
            f"{name} is an SQLite database, and this is PostgreSQL; a .db is an archive by pg_dump -Fc here"
        )
    if head.startswith(b"age-encryption.org/"):
        raise damaged(f"{name} is encrypted: name the backup by its id, or decrypt it first (age -d)")
    if not head:
        raise damaged(f"{name} is empty")
    if CLUSTER in head[:4096]:
        raise damaged(f"{name} is by pg_dumpall, of a whole server; what is restored is one database (pg_dump)")
    if b"\0" in head:
        raise damaged(f"{name} is none of: an archive by pg_dump (custom, tar, directory in a tar), an SQL script")
    return Kind.script


def _gzip() -> Any:
    return zlib.decompressobj(wbits=31)


def _zstd() -> Any:
    return zstandard.ZstdDecompressor(max_window_size=WINDOW).decompressobj()


MACHINES: dict[str, Callable[[], Any]] = {
    "gz": _gzip, "zst": _zstd, "xz": lzma.LZMADecompressor, "bz2": bz2.BZ2Decompressor,
}  # fmt: skip
WRAPPINGS = {b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst", b"\xfd7zXZ\0": "xz", b"BZh": "bz2"}
BROKEN = (zlib.error, zstandard.ZstdError, lzma.LZMAError, OSError, EOFError, ValueError)


def _opened(chunks: Iterable[bytes], wrapping: str) -> Iterator[bytes]:
    """Several compressed streams one after the other are one, as gzip and zstd have it."""
    machine = MACHINES[wrapping]()
    for chunk in chunks:
        for start in range(0, len(chunk), SLICE_BYTES):
            data = chunk[start : start + SLICE_BYTES]
            while data:
                if machine.eof:
                    if not data.strip(b"\0"):  # what tapes and some tools fill the end with
                        break
                    machine = MACHINES[wrapping]()
                try:
                    out = machine.decompress(data)
                except BROKEN as error:
                    raise damaged(f"what is compressed by {wrapping} is damaged ({error})") from error
                if out:
                    yield out
                data = machine.unused_data if machine.eof else b""
    if not machine.eof:
        raise damaged(f"it is cut off: what is compressed by {wrapping} has no end")
