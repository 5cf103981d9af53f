"""The stream between pg_dump and the bucket: whatever fails on either side ends it, and nothing hangs."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pyrage
import pytest
import zstandard

from ops.backups.sealing import Sealed
from tests.support.backup_fakes import IDENTITY, RECIPIENT


def endless() -> Iterator[bytes]:
    """More than all queues hold."""
    number = 0
    while True:
        number += 1
        yield number.to_bytes(8, "big") * 9973


def test_what_is_sealed_opens_to_the_same() -> None:
    """By age and zstd, whatever the pieces were."""
    plain = [b"", b"a" * 3_000_000, bytes(range(256)) * 5000, b"end"]
    sealed = Sealed(plain, [RECIPIENT])

    stored = b"".join(sealed)

    packed = pyrage.decrypt(stored, [pyrage.x25519.Identity.from_str(IDENTITY)])
    assert zstandard.ZstdDecompressor().decompressobj().decompress(packed) == b"".join(plain)
    assert sealed.plain_size == sum(map(len, plain))


def test_what_fails_before_is_told_to_who_takes() -> None:
    """The very error, not what age makes of it."""

    def fails() -> Iterator[bytes]:
        yield b"begun"
        raise RuntimeError("pg_dump ended")

    with pytest.raises(RuntimeError, match=r"^pg_dump ended$"):
        list(Sealed(fails(), [RECIPIENT]))


def test_who_takes_no_more_ends_it() -> None:
    """No thread stays."""
    before = threading.active_count()
    stream = iter(Sealed(endless(), [RECIPIENT]))

    next(stream)
    stream.close()  # type: ignore[attr-defined] # a generator

    assert threading.active_count() == before
