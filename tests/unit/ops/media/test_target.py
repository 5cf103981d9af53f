"""What a target may be, and how folders and programs keep a copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.errors import WRONG_USE, ExplainedError
from ops.doors.media_programs import Rclone, Rsync
from ops.doors.media_store import BucketStore, FolderStore
from ops.media.target import Target, parse, reach
from tests.support.fake_objects import MemoryObjects

OWN = "cams-staging-backups-1"


@pytest.mark.parametrize(
    ("text", "target", "shown"),
    [
        ("", Target("s3", OWN, "media/"), f"s3://{OWN}/media/"),
        (f"s3://{OWN}/media", Target("s3", OWN, "media/"), f"s3://{OWN}/media/"),
        ("s3://other", Target("s3", "other"), "s3://other/"),
        ("s3://other/a/b/", Target("s3", "other", "a/b/"), "s3://other/a/b/"),
        ("rclone:drive:backups/cams", Target("rclone", "drive:backups/cams"), "rclone:drive:backups/cams"),
        ("rsync:me@host:copies", Target("rsync", "me@host:copies"), "rsync:me@host:copies"),
        ("rsync:host::module/x", Target("rsync", "host::module/x"), "rsync:host::module/x"),
        ("rsync://host/module/x", Target("rsync", "rsync://host/module/x"), "rsync://host/module/x"),
        ("rsync:/mnt/copies", Target("folder", "/mnt/copies"), "/mnt/copies"),
        ("/mnt/copies", Target("folder", "/mnt/copies"), "/mnt/copies"),
    ],
)
def test_targets_are_read_as_they_are_written(text: str, target: Target, shown: str) -> None:
    """What is shown is read as the same."""
    found = parse(text, OWN)

    assert (found, found.shown) == (target, shown)
    assert parse(shown, OWN) == target
    assert found.is_own(OWN) == (OWN in shown)


@pytest.mark.parametrize("text", ["ftp://x", "rclone:", "rclone:remote", "s3://", "rsync:", "rsync:-", "somewhere"])
def test_anything_else_is_wrong_use(text: str) -> None:
    """With what it may be."""
    with pytest.raises(ExplainedError, match="a target is s3://BUCKET/PREFIX, rclone:") as error:
        parse(text, OWN)
    assert error.value.code == WRONG_USE


@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_a_store_keeps_each_place_once(kind: str, tmp_path: Path) -> None:
    """The second one changes nothing, and a stream that fails leaves nothing."""
    store = FolderStore(tmp_path / "copy") if kind == "folder" else BucketStore(MemoryObjects(), "media/")

    def fails() -> Iterator[bytes]:
        yield b"half"
        raise ExplainedError("cut")

    assert store.size("staging/objects/r/ab/1") is None
    assert store.put("staging/objects/r/ab/1", iter([b"one", b"two"])) == 6
    assert store.put("staging/objects/r/ab/1", iter([b"another"])) == 6
    with pytest.raises(ExplainedError, match="cut"):
        store.put("staging/objects/r/ab/2", fails())
    store.finish()
    assert b"".join(store.read("staging/objects/r/ab/1")) == b"onetwo"
    assert store.size("staging/objects/r/ab/1") == 6
    assert list(store.list("staging/objects/")) == [("staging/objects/r/ab/1", 6)]
    assert list(store.list("prod/")) == []
    with pytest.raises(ExplainedError, match="cannot read"):
        list(store.read("staging/objects/r/ab/2"))


def test_a_program_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is read."""
    monkeypatch.setenv("PATH", "/nowhere")

    for target in (Target("rclone", "a:b"), Target("rsync", "a:b")):
        with pytest.raises(ExplainedError, match="no such program on the PATH"):
            reach(target, MemoryObjects)


STAND_IN = """#!/usr/bin/env python3
import os, pathlib, shutil, sys
words, log = sys.argv[1:], pathlib.Path(__file__).with_name("log")
with log.open("a") as file:
    file.write(" ".join(words) + "\\n")
name, root = pathlib.Path(sys.argv[0]).name, pathlib.Path(__file__).with_name("there")
at = lambda word: root / word.partition(":")[2]
if pathlib.Path(__file__).with_name("broken").exists():
    sys.exit(f"{name}: connection refused")
if words[0] in ("lsf", "--recursive") and ("lsf" in words or "--list-only" in words):
    top = at(words[-1])
    if not top.is_dir():
        sys.exit("directory not found")
    for path in sorted(top.rglob("*")):
        if path.is_file():
            size, under = path.stat().st_size, path.relative_to(top)
            line = f"{size};{under}" if name == "rclone" else f"-rw-r--r-- {size:>14,} 2026/11/27 06:00:00 {under}"
            print(line)
elif words[0] in ("copy", "--recursive"):
    source, to = pathlib.Path(words[-2]), at(words[-1])
    for path in sorted(source.rglob("*")):
        there = to / path.relative_to(source)
        if path.is_file() and not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, there)
elif words[0] == "cat":
    sys.stdout.buffer.write(at(words[-1]).read_bytes())
else:
    shutil.copy(at(words[-2]), words[-1])
"""


@pytest.fixture(params=[Rclone, Rsync])
def program(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rclone | Rsync:
    """A stand-in that notes what it is told; the real ones run in tests/contract/ops/media."""
    kind: type[Rclone | Rsync] = request.param
    path = tmp_path / kind.program
    path.write_text(STAND_IN)
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return kind("remote:copies")


def test_files_wait_and_go_together(program: Rclone | Rsync, tmp_path: Path) -> None:
    """One list, one transfer; what is there already is not sent again."""
    for name in ("01", "02", "01"):
        assert program.put(f"staging/objects/r/ab/{name}", iter([b"x" * 9])) == 9
    program.finish()
    program.finish()

    commands = (tmp_path / "log").read_text().splitlines()
    assert len(commands) == 2
    again = type(program)("remote:copies")
    assert again.put("staging/objects/r/ab/02", iter([b"other"])) == 9
    assert again.size("staging/objects/r/ab/03") is None
    assert list(again.list("staging/objects/")) == [(f"staging/objects/r/ab/{name}", 9) for name in ("01", "02")]
    assert b"".join(again.read("staging/objects/r/ab/01")) == b"x" * 9
    again.finish()
    program.close()


def test_an_inventory_is_looked_for_by_its_name(program: Rclone | Rsync) -> None:
    """It lies higher than the files."""
    program.put("staging/copies/1.jsonl.zst.age", iter([b"sealed"]))
    program.finish()
    program.close()

    assert type(program)("remote:copies").size("staging/copies/1.jsonl.zst.age") == 6


def test_a_program_that_fails_is_told_in_its_own_words(program: Rclone | Rsync, tmp_path: Path) -> None:
    """With what it said last."""
    (tmp_path / "broken").touch()

    with pytest.raises(
        ExplainedError, match=rf"{program.program} ended with 1: {program.program}: connection refused"
    ):
        program.size("staging/objects/r/ab/01")
