"""A folder in which files are laid down: what is there, and who still writes."""

from __future__ import annotations

from pathlib import Path

from ops.doors import drop_folder


def test_a_file_that_is_open_for_writing_is_told_from_one_that_is_read(tmp_path: Path) -> None:
    """By whoever has it open, under whatever name."""
    path = tmp_path / "a.sql"
    path.write_bytes(b"all")

    with path.open("rb"):
        read = drop_folder.is_written(path)
    with path.open("ab"):
        written = drop_folder.is_written(path)

    assert (read, written, drop_folder.is_written(path)) == (False, True, False)
    assert not drop_folder.is_written(tmp_path / "gone.sql")
    assert not drop_folder.is_written(path, processes=tmp_path)


def test_who_holds_a_folder_is_alone_with_it(tmp_path: Path) -> None:
    """Until it lets go, or ends."""
    with drop_folder.alone(tmp_path) as first, drop_folder.alone(tmp_path) as second:
        assert (first, second) == (True, False)
    with drop_folder.alone(tmp_path) as again:
        assert again


def test_only_files_are_listed(tmp_path: Path) -> None:
    """Neither folders nor links."""
    (tmp_path / "a.sql").write_bytes(b"abc")
    (tmp_path / "b").mkdir()
    (tmp_path / "c.sql").symlink_to(tmp_path / "a.sql")

    assert [(one.path.name, one.size) for one in drop_folder.files(tmp_path)] == [("a.sql", 3)]
