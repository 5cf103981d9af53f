"""Copies by the real rclone and rsync, where this machine has them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.doors.media_programs import ProgramStore, Rclone, Rsync
from tests.support.waiting import eventually
from tests.unit.ops.media import runs
from tests.unit.ops.media.runs import IDENTITY


@pytest.fixture(params=["rclone", "rsync"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[type[Rclone | Rsync], str]]:
    """A remote of rclone, or an rsync daemon on a free port."""
    kind = str(request.param)
    if shutil.which(kind) is None:
        pytest.skip(f"this machine has no {kind}")
    (tmp_path / "remote").mkdir()
    if kind == "rclone":
        yield Rclone, f":local:{tmp_path}/remote/a copy"
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = tmp_path / "rsyncd.conf"
    ours = f"uid = {os.getuid()}\ngid = {os.getgid()}"
    settings.write_text(f"use chroot = no\n{ours}\n[copies]\npath = {tmp_path}/remote\nread only = no\n")
    words = ["--daemon", "--no-detach", "--address=127.0.0.1", f"--port={port}", f"--config={settings}"]
    daemon = subprocess.Popen(["rsync", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: _answers(port))
        yield Rsync, f"rsync://127.0.0.1:{port}/copies/a copy"
    finally:
        daemon.terminate()
        daemon.wait()


def test_a_copy_by_a_program_is_found_again(place: tuple[type[ProgramStore], str]) -> None:
    """Listed, kept once, read with its bytes, and restored from its own sealed inventory."""
    kind, where = place
    made = runs.of({f"{number}.bin": bytes([number]) * 5000 for number in range(30)})
    run = made.run()
    store = kind(where)

    assert list(store.list("staging/")) == []
    for entry in run.entries():
        assert store.put(entry.place, made.store.read(entry.place)) == entry.stored
    store.finish()
    store.close()
    again = kind(where)
    first = next(iter(run.entries()))
    assert again.put(first.place, iter([b"other"])) == first.stored
    again.finish()
    assert b"".join(again.read(first.place)) == made.store.kept[first.place]
    listed = dict(again.list("staging/objects/"))
    assert listed == {entry.place: entry.stored for entry in run.entries()}
    shelf = type(made.shelf)(again, "staging", "memory")
    shelf.put_sealed(run.header.id, run.spool, made.recipients)
    again.close()
    far = type(made.shelf)(kind(where), "staging", "memory")
    assert far.runs() == [run.header.id]
    assert far.get_sealed(run.header.id, [IDENTITY]).footer == run.footer


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
