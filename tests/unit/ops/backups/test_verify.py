"""A backup read back: whole, or told where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pyrage
import pytest

from console.errors import ExplainedError
from ops.backups.verify import verify, verify_stored
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


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda stored: b"x" + stored[1:], "its SHA-256 is not the one in the manifest"),
        (lambda stored: stored[:-1], "bytes, and .* were stored"),
        (lambda stored: stored + b"x", "bytes, and .* were stored"),
    ],
    ids=["changed", "cut", "grown"],
)
def test_without_a_key_another_byte_is_told_all_the_same(change: Callable[[bytes], bytes], why: str) -> None:
    """By its size and its SHA-256; all bytes are read."""
    scene, read = Scene(), list[int]()
    manifest = scene.backup(timedelta(hours=1))
    verify_stored(manifest, scene.objects, progress=read.append)
    assert sum(read) == manifest.size

    key = manifest.parts[0].key
    scene.objects.stored[key] = change(scene.objects.stored[key])

    with pytest.raises(ExplainedError, match=why):
        verify_stored(manifest, scene.objects)


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
