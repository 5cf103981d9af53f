"""The name of the application's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_context.files import files
from infra.content import content_hash


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cams").mkdir()
    (tmp_path / "cams" / "urls.py").write_text("urls = []\n")
    (tmp_path / "start.py").write_text("print('hello')\n")
    (tmp_path / "notes.md").write_text("nobody builds this\n")
    (tmp_path / ".dockerignore").write_text("*.md\n**/__pycache__\n")
    return tmp_path


def test_the_same_files_have_the_same_name_anywhere(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Neither the folder's place nor the time of a file counts."""
    other = tmp_path_factory.mktemp("other")
    for path in files(folder, folder / "Dockerfile"):
        (other / path).parent.mkdir(exist_ok=True)
        (other / path).write_bytes((folder / path).read_bytes())

    assert content_hash(other) == content_hash(folder)


@pytest.mark.parametrize("change", ["content", "name", "mode", "new"])
def test_any_change_that_a_build_sees_is_another_name(folder: Path, change: str) -> None:
    """A release can be told from every other."""
    before = content_hash(folder)
    if change == "content":
        (folder / "start.py").write_text("print('hallo')\n")
    elif change == "name":
        (folder / "start.py").rename(folder / "begin.py")
    elif change == "mode":
        (folder / "start.py").chmod(0o755)
    else:
        (folder / "cams" / "new.py").touch()

    assert content_hash(folder) != before


def test_what_dockerignore_leaves_out_does_not_count(folder: Path) -> None:
    """Tests run and notes written make no new release."""
    before = content_hash(folder)
    (folder / "notes.md").write_text("still nobody\n")
    (folder / "cams" / "__pycache__").mkdir()
    (folder / "cams" / "__pycache__" / "urls.pyc").write_bytes(b"\0")

    assert content_hash(folder) == before
    assert sorted(files(folder, folder / "Dockerfile")) == [".dockerignore", "cams/urls.py", "start.py"]


def test_moving_a_byte_from_one_file_to_the_next_counts(tmp_path: Path) -> None:
    """Names and contents are not just strung together."""
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, first, second in ((one, "ab", "c"), (other, "a", "bc")):
        folder.mkdir()
        (folder / "1").write_text(first)
        (folder / "2").write_text(second)

    assert content_hash(one) != content_hash(other)


def test_a_link_is_named_by_where_it_points(tmp_path: Path) -> None:
    """Also one to a folder, or to nothing."""
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    before = content_hash(tmp_path)
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("elsewhere")

    assert content_hash(tmp_path) != before
