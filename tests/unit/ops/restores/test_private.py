"""What a restore lays down: read by others, seen by nobody else, and not there after a kill."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ops.restores import private
from ops.restores.private import folder, sweep, unnamed

ROOT = Path(__file__).parents[4]
HOLD = """
from ops.restores.private import folder, unnamed
with folder() as place, unnamed([b"secret"]):
    (place / "dump").write_bytes(b"secret")
    print("ready", flush=True)
    input()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that is nobody else's."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def held(temporary: Path) -> subprocess.Popen[str]:
    """A restore that is at work."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_file_without_a_name_is_read_by_another_program_again_and_again(temporary: Path) -> None:
    """From its beginning each time, and it is in no folder."""
    with unnamed([b"one ", b"two"]) as path:
        for _ in range(2):
            assert subprocess.run(["cat", path], capture_output=True, check=True).stdout == b"one two"
        assert list(temporary.iterdir()) == []

    assert not path.exists()


def test_where_no_such_file_can_be_had_a_folder_stands_in(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours alone, and gone afterwards."""
    monkeypatch.setattr(private, "_opens", lambda path: False)

    with unnamed([b"one"]) as path:
        assert path.read_bytes() == b"one"
        assert path.parent.parent == temporary
        assert path.parent.stat().st_mode & 0o777 == 0o700

    assert list(temporary.iterdir()) == []


def test_what_a_killed_restore_has_left_goes_with_the_next_one_and_not_before_it_is_dead(temporary: Path) -> None:
    """The file without a name leaves nothing at all."""
    process = held(temporary)
    try:
        (place,) = temporary.iterdir()
        sweep()
        assert (place / "dump").exists()
    finally:
        process.kill()
        process.communicate()
    assert [one.name for one in place.iterdir()] == ["dump"]

    with folder() as other:
        assert list(temporary.iterdir()) == [other]


def test_only_folders_of_ours_are_swept(temporary: Path) -> None:
    """Neither a file, nor a link, nor what bears another name."""
    there = {temporary / "other", temporary / "slipway-restore-file", temporary / "slipway-restore-link"}
    (temporary / "other").mkdir()
    (temporary / "slipway-restore-file").touch()
    (temporary / "slipway-restore-link").symlink_to(temporary / "other")

    sweep()

    assert set(temporary.iterdir()) == there


def test_a_folder_of_somebody_else_stays(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be at work where we cannot see it."""
    (temporary / "slipway-restore-theirs").mkdir()
    monkeypatch.setattr(os, "getuid", lambda: -2)

    sweep()

    assert [one.name for one in temporary.iterdir()] == ["slipway-restore-theirs"]
