"""What a file is told to be, by its content alone."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from console.errors import ExplainedError
from ops.restores.foreign import unpack
from ops.restores.unwrap import Kind, unwrap

SCRIPT = b"-- PostgreSQL database dump\n" * 50
CUSTOM = b"PGDMP\x01\x0f\x00\x04\x08\x01" + b"\0" * 600


def tarred(**files: bytes) -> bytes:
    """A tar of a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name.replace("__", "/").replace("_", "."))
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


TAR = tarred(toc_dat=b"PGDMP\x01\x0e\x00\x04\x08\x03" + b"\0" * 100)
EXPORT = tarred(x__toc_dat=b"PGDMP\x01\x0e\x00\x04\x08\x05" + b"\0" * 100, x__1_dat_gz=b"1")
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress, "zst": zstandard.ZstdCompressor().compress, "xz": lzma.compress, "bz2": bz2.compress,
}  # fmt: skip


@pytest.mark.parametrize("wrapping", ["", *PACKERS])
@pytest.mark.parametrize(
    ("content", "kind"),
    [(SCRIPT, Kind.script), (CUSTOM, Kind.custom), (TAR, Kind.tar), (EXPORT, Kind.directory)],
    ids=["script", "custom", "tar", "export"],
)
def test_kind_and_wrapping_are_seen(content: bytes, kind: Kind, wrapping: str) -> None:
    """However it is called, and with all of it given on; two streams one after the other are one."""
    packed = content
    if wrapping:
        packed = PACKERS[wrapping](content[:100]) + PACKERS[wrapping](content[100:])

    found = unwrap((packed[at : at + 33] for at in range(0, len(packed), 33)), "some.file")

    assert (found.kind, found.layers) == (kind, (wrapping,) if wrapping else ())
    assert b"".join(found.chunks) == content


def test_an_archive_says_which_program_can_read_it() -> None:
    """By the version of its format."""
    assert unwrap([CUSTOM], "a").reader == 16
    assert unwrap([TAR], "a").reader == 0
    assert unwrap([SCRIPT], "a").reader == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"SQLite format 3\0" + b"\0" * 100, "SQLite"),
        (b"age-encryption.org/v1\n-> X25519", "encrypted"),
        (b"", "empty"),
        (b"-- PostgreSQL database cluster dump\n", "pg_dumpall"),
        (b"\x7fELF\0\0\0", "none of"),
        (gzip.compress(b"SQLite format 3\0", mtime=0), "SQLite"),
    ],
)
def test_what_is_no_dump_is_refused_by_what_it_is(content: bytes, said: str) -> None:
    """A .db may be anything."""
    with pytest.raises(ExplainedError, match=said):
        unwrap([content], "some.db")


@pytest.mark.parametrize("wrapping", PACKERS)
def test_what_is_cut_off_is_an_error_at_its_end(wrapping: str) -> None:
    """Although all of it that is there can be read."""
    packed = PACKERS[wrapping](SCRIPT * 100)

    with pytest.raises(ExplainedError, match="cut off"):
        b"".join(unwrap([packed[:-9]], "a").chunks)


def test_an_export_is_unpacked_as_files_of_one_folder(tmp_path: Path) -> None:
    """Whatever path it names."""
    unpack([EXPORT], tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.dat.gz", "toc.dat"]


def test_a_tar_of_something_else_is_refused(tmp_path: Path) -> None:
    """A link, the same name twice, no table of contents, a cut."""
    link = io.BytesIO()
    with tarfile.open(fileobj=link, mode="w") as tar:
        member = tarfile.TarInfo("toc.dat")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member)
    for number, (content, said) in enumerate(
        [
            (link.getvalue(), "which no export has"),
            (tarred(a__toc_dat=b"1", b__toc_dat=b"2"), "which no export has"),
            (tarred(a=b"1"), "without a toc.dat"),
            (EXPORT[:900], "cut off"),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(ExplainedError, match=said):
            unpack([content], folder)
