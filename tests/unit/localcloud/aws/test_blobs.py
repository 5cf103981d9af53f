"""Bytes under their own digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from localcloud.aws.blobs import Blobs

ONE = "sha256:" + hashlib.sha256(b"one").hexdigest()


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    """Two objects with one content are one file, and nothing else is left."""
    blobs = Blobs(tmp_path)

    assert blobs.add(b"one") == blobs.add(b"one") == ONE

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [blobs.path(ONE)]
    assert (blobs.has(ONE), blobs.read(ONE)) == (True, b"one")


@pytest.mark.parametrize("digest", ["", "sha256:", "sha256:../../../etc/passwd", ONE.upper(), ONE + "0"])
def test_what_is_no_digest_leads_nowhere(tmp_path: Path, digest: str) -> None:
    """A path is made from nothing but a digest."""
    blobs = Blobs(tmp_path)

    assert blobs.has(digest) is False
    with pytest.raises(ValueError, match="not a digest"):
        blobs.path(digest)


def test_what_nobody_refers_to_goes(tmp_path: Path) -> None:
    """Also what an interrupted write left behind."""
    blobs = Blobs(tmp_path)
    blobs.add(b"one")
    two = blobs.add(b"two")
    (blobs.path(two).parent / ".half.123.tmp").write_bytes(b"h")

    assert blobs.forget_all_but({ONE}) == 2

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [blobs.path(ONE)]
