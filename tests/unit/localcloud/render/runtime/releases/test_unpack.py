"""Archives that others made."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.releases import unpack as unpacking
from localcloud.render.runtime.releases.unpack import unpack

Entry = tuple[tarfile.TarInfo, bytes]


def entry(name: str, content: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "", mode: int = 0o644) -> Entry:
    """One entry of an archive."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode, info.size = kind, link, mode, len(content)
    return info, content


def archive(*entries: Entry) -> io.BytesIO:
    """A gzipped tar of these entries."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for info, content in entries:
            tar.addfile(info, io.BytesIO(content))
    file.seek(0)
    return file


def test_files_folders_and_links_are_unpacked(tmp_path: Path) -> None:
    """With their content and whether they can be run, and nothing else of their mode."""
    unpack(
        archive(
            entry("app/run.sh", b"#!/bin/sh", mode=0o4755),
            entry("app/data/file", b"x", mode=0o600),
            entry("app/link", kind=tarfile.SYMTYPE, link="data/file"),
            entry("app/same", kind=tarfile.LNKTYPE, link="app/data/file"),
        ),
        tmp_path,
        what="it",
    )

    assert (tmp_path / "app/run.sh").stat().st_mode & 0o7777 == 0o700
    assert (tmp_path / "app/data/file").stat().st_mode & 0o7777 == 0o600
    assert [(tmp_path / "app" / name).read_bytes() for name in ("link", "same")] == [b"x", b"x"]


@pytest.mark.parametrize(
    "entries",
    [
        [entry("../outside", b"x")],
        [entry("app/../../outside", b"x")],
        [entry("/outside", b"x")],
        [entry("door", kind=tarfile.SYMTYPE, link="..")],
        [entry("door", kind=tarfile.SYMTYPE, link="/etc")],
        [entry("a/door", kind=tarfile.SYMTYPE, link="b/../../../outside")],
        [entry("a/b", b""), entry("door", kind=tarfile.SYMTYPE, link="a"), entry("door/b", b"x")],
        [entry("door", kind=tarfile.LNKTYPE, link="../outside")],
        [entry("door", kind=tarfile.CHRTYPE)],
        [entry("door", kind=tarfile.FIFOTYPE)],
    ],
)
def test_what_leads_outside_is_refused(tmp_path: Path, entries: list[Entry]) -> None:
    """By its name, through a link, or as a device; nothing is written beside the folder."""
    folder = tmp_path / "folder"
    folder.mkdir()

    with pytest.raises(RuntimeFailure, match="it is refused"):
        unpack(archive(*entries), folder, what="it")

    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_later_layer_replaces_and_removes(tmp_path: Path) -> None:
    """A whiteout removes, a file replaces a link itself and not what it leads to."""
    unpack(
        archive(
            entry("a/gone", b"1"),
            entry("a/kept", b"2"),
            entry("b/old", b"3"),
            entry("link", kind=tarfile.SYMTYPE, link="a/kept"),
        ),
        tmp_path,
        what="it",
    )

    unpack(
        archive(entry("a/.wh.gone"), entry("b/.wh..wh..opq"), entry("b/new", b"4"), entry("link", b"5")),
        tmp_path,
        what="it",
    )

    found = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {"a/kept": b"2", "b/new": b"4", "link": b"5"}


def test_a_cut_archive_is_damaged(tmp_path: Path) -> None:
    """An archive that ends too early is a clear failure."""
    whole = archive(entry("file", b"x" * 100_000)).getvalue()

    with pytest.raises(RuntimeFailure, match="it is damaged"):
        unpack(io.BytesIO(whole[: len(whole) // 2]), tmp_path, what="it")


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive that unpacks to more than the limit is refused before it fills the disk."""
    monkeypatch.setattr(unpacking, "LARGEST", 1000)

    with pytest.raises(RuntimeFailure, match="larger than"):
        unpack(archive(entry("a", b"x" * 600), entry("b", b"x" * 600)), tmp_path, what="it")

    assert not (tmp_path / "b").exists()
