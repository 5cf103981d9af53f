"""A backup read back: whole, or told where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pyrage
import pytest

from console.errors import ExplainedError
from ops.backups.verify import verify
from tests.unit.ops.backups.scene import OWN, PLAIN, Scene

SAID = 'pg_restore: processing data for table "public.one"\n'


def parse(chunks: Iterator[bytes], *, major: int) -> str:
    """Reads the half of it, as `pg_restore` may."""
    assert major == 18
    assert PLAIN.startswith(next(chunks))
    return SAID


def test_a_whole_one_is_read_to_its_end() -> None:
    """Also where the parser has stopped before."""
    scene = Scene()
    manifest, read = scene.backup(timedelta(hours=1)), list[int]()

    found = verify(manifest, scene.objects, [OWN], parse, progress=read.append)

    assert found.tables == 1
    assert sum(read) == manifest.size


@pytest.mark.parametrize("at", [0, 40, 300, -1])
def test_a_byte_that_is_another_one_is_told(at: int) -> None:
    """In the header, in the middle, at the end."""
    scene = Scene()
    manifest = scene.backup(timedelta(hours=1))
    stored = bytearray(scene.objects.stored[manifest.parts[0].key])
    stored[at] ^= 1
    scene.objects.stored[manifest.parts[0].key] = bytes(stored)

    with pytest.raises(ExplainedError, match=r"damaged|cannot open"):
        verify(manifest, scene.objects, [OWN], parse)


def test_another_key_does_not_open_it() -> None:
    """And what to do is told."""
    scene = Scene()

    with pytest.raises(ExplainedError, match="none of those it was sealed for"):
        verify(scene.backup(timedelta(hours=1)), scene.objects, [pyrage.x25519.Identity.generate()], parse)


def test_a_table_without_its_rows_is_told() -> None:
    """An archive that parses and does not hold what the manifest names."""
    scene = Scene()

    def nothing(chunks: Iterator[bytes], *, major: int) -> str:
        return ""

    with pytest.raises(ExplainedError, match="it has rows of 0 tables, and its manifest names 1"):
        verify(scene.backup(timedelta(hours=1)), scene.objects, [OWN], nothing)
