"""The bytes of S3's objects: pieces on disk under their own digests, shared by versions, parts and copies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from localcloud.aws.blobs import Blobs
from localcloud.aws.payload import Payload, Spool
from localcloud.aws.replies import failure
from localcloud.machine.paths import folder

CHUNK = 1 << 20
# Pieces that may have lost, or never got, what refers to them, since the last look; and those that a client reads.
_doubtful: set[str] = set()
_readings: set[Reading] = set()


def blobs() -> Blobs:
    """Where they are."""
    return Blobs(folder("aws", "objects"))


@dataclass(frozen=True)
class Piece:
    """One file: what was sent in one request."""

    digest: str
    size: int


@dataclass(frozen=True)
class Body:
    """What an object holds: the pieces of its parts, in order. It costs no room to give it to a copy."""

    pieces: tuple[Piece, ...] = ()

    @cached_property
    def size(self) -> int:
        """In bytes."""
        return sum(piece.size for piece in self.pieces)

    def chunks(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` until before `end`, a little at a time."""
        end = self.size if end is None else end
        offset = 0
        for piece in self.pieces:
            first, last = max(start - offset, 0), min(end - offset, piece.size)
            if first < last:
                yield from _read(piece, first, last)
            offset += piece.size

    def part(self, start: int, end: int) -> Body:
        """A body of these bytes alone; pieces that it needs whole are shared."""
        if (start, end) == (0, self.size):
            return self
        return store(self.chunks(start, end))

    def md5(self) -> bytes:
        """The digest that is a plain object's ETag."""
        hashed = hashlib.md5(usedforsecurity=False)
        for chunk in self.chunks():
            hashed.update(chunk)
        return hashed.digest()

    def release(self) -> None:
        """Somebody no longer has it: it leaves the disk soon, if nobody else has."""
        _doubtful.update(piece.digest for piece in self.pieces)


class Reading(Iterator[bytes]):
    """What a client is sent, kept on disk until it has been, whoever deletes it meanwhile."""

    def __init__(self, body: Body, start: int, end: int) -> None:
        self.digests = frozenset(piece.digest for piece in body.pieces)
        self._chunks = body.chunks(start, end)
        _readings.add(self)

    def __next__(self) -> bytes:
        return next(self._chunks)

    def close(self) -> None:
        """All was sent, or the client has gone."""
        _readings.discard(self)


def keep(payload: Payload) -> Body:
    """Keep a body that was sent; one that is on disk already stays where it is, and gets its name."""
    if not isinstance(payload, Spool):
        return store(payload.chunks())
    piece = Piece(f"sha256:{payload.sha256}", payload.size)
    _doubtful.add(piece.digest)
    try:
        payload.flush()
        blobs().adopt(payload.path, piece.digest)
    except OSError as error:
        raise failure(503, f"cannot keep the body: {error}") from error
    return Body((piece,))


def store(chunks: Iterable[bytes]) -> Body:
    """Keep these bytes. Nothing is left of them when that fails, or when nobody refers to them soon."""
    pieces: list[Piece] = []
    try:
        pieces.extend(Piece(blobs().add(chunk), len(chunk)) for chunk in chunks if chunk)
    except OSError as error:
        raise failure(503, f"cannot keep the body: {error}") from error
    finally:
        _doubtful.update(piece.digest for piece in pieces)
    return Body(tuple(pieces))


def released(referred: Callable[[], set[str]]) -> set[str]:
    """The pieces that nothing refers to, to be forgotten once that is written down. The caller holds the lock."""
    if _doubtful:
        _doubtful.difference_update(referred())
    return set(_doubtful)


def forget(digests: set[str], referred: Callable[[], set[str]]) -> None:
    """Delete those of these pieces that are still nobody's. The caller holds the lock."""
    for digest in digests - referred() if digests else ():
        if not any(digest in reading.digests for reading in tuple(_readings)):
            blobs().path(digest).unlink(missing_ok=True)
            _doubtful.discard(digest)


def _read(piece: Piece, first: int, last: int) -> Iterator[bytes]:
    with blobs().path(piece.digest).open("rb") as file:
        file.seek(first)
        left = last - first
        while left > 0:
            chunk = file.read(min(CHUNK, left))
            if not chunk:
                raise OSError(f"{piece.digest} is shorter than it was")
            left -= len(chunk)
            yield chunk
