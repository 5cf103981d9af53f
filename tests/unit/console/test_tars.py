"""Archives are unpacked by Python's own rules, and by a Python that has none yet."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from console.tars import extract


def packed(name: str = "a/b") -> tarfile.TarFile:
    """A tar with one file."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        member = tarfile.TarInfo(name)
        member.size = 5
        tar.addfile(member, io.BytesIO(b"hello"))
    content.seek(0)
    return tarfile.open(fileobj=content)


def without_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python 3.11.2 is, Debian 12's: `extractall` takes no filter, and the module has none."""
    monkeypatch.delattr(tarfile, "data_filter", raising=False)
    whole = tarfile.TarFile.extractall

    def extractall(tar: tarfile.TarFile, path: str | Path = ".", members: None = None) -> None:
        tar.extraction_filter = staticmethod(lambda member, folder: member)
        whole(tar, path, members)

    monkeypatch.setattr(tarfile.TarFile, "extractall", extractall)


def test_what_leads_outside_is_refused(tmp_path: Path) -> None:
    """By the rule for data."""
    if not hasattr(tarfile, "data_filter"):
        pytest.skip("this Python has no rules for archives")

    with packed("../outside") as tar, pytest.raises(tarfile.TarError, match="outside"):
        extract(tar, tmp_path / "inside")

    assert not (tmp_path / "outside").exists()


def test_an_older_python_unpacks_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows no rule to be asked for."""
    without_rules(monkeypatch)

    with packed() as tar:
        extract(tar, tmp_path)

    assert (tmp_path / "a/b").read_text() == "hello"
