"""`.local/` belongs to its user alone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from localcloud.machine import paths


@pytest.fixture
def open_to_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout in whose `.local/` everybody may write, as a version before has left it."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))
    before = os.umask(0)
    try:
        for name in ("logs/aws.log", "render/workspaces/a/files/start.py", "run/render.json", "identity.lock"):
            path = tmp_path / ".local" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        (tmp_path / ".local/render/workspaces/a/files/start.py").chmod(0o755)
        (tmp_path / ".local/run/elsewhere").symlink_to(tmp_path / "elsewhere")
        (tmp_path / "elsewhere").touch(mode=0o666)
        (tmp_path / ".local/render/shared").hardlink_to(tmp_path / "elsewhere")
    finally:
        os.umask(before)
    return tmp_path / ".local"


def modes(folder: Path) -> dict[str, str]:
    """What everybody else may do with anything in there."""
    every = [folder, *folder.rglob("*")]
    open_ = [path for path in every if not path.is_symlink() and path.stat().st_mode & 0o077]
    return {str(path.relative_to(folder)): oct(path.stat().st_mode & 0o777) for path in open_}


def test_what_was_open_is_closed(open_to_all: Path) -> None:
    """Files stay programs, and what is shared with others by a link is not touched."""
    assert len(modes(open_to_all)) == 12

    paths.close()

    assert modes(open_to_all) == {"render/shared": "0o666"}
    assert (open_to_all / "render/workspaces/a/files/start.py").stat().st_mode & 0o777 == 0o700


def test_a_walk_that_was_interrupted_is_finished_by_the_next(open_to_all: Path) -> None:
    """A folder is closed only when all that is in it is."""
    real = Path.chmod
    with pytest.MonkeyPatch.context() as patch:

        def breaks(path: Path, mode: int) -> None:
            if path.name == "files":
                raise PermissionError(1, "Operation not permitted", str(path))
            real(path, mode)

        patch.setattr(Path, "chmod", breaks)
        with pytest.raises(PermissionError):
            paths.close()
    assert "render" in modes(open_to_all)

    paths.close()

    assert modes(open_to_all) == {"render/shared": "0o666"}


def test_the_folder_itself_is_closed_by_whoever_names_it(open_to_all: Path) -> None:
    """So that nothing in it is reached meanwhile."""
    assert paths.local().stat().st_mode & 0o777 == 0o700


def test_what_is_written_while_a_folder_is_deleted_is_deleted_too(tmp_path: Path) -> None:
    """A process that is just ending may still write: the folder goes all the same."""
    folder = tmp_path / ".local"
    folder.mkdir()
    for number in range(5000):
        (folder / str(number)).touch()

    def write_late() -> None:
        with suppress(FileNotFoundError):  # all of it is gone already
            while len(list(folder.iterdir())) == 5000:
                pass
            (folder / "late").touch()

    writer = Thread(target=write_late)
    writer.start()
    paths.remove(folder)
    writer.join()

    assert not folder.exists()
