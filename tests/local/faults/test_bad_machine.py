"""A machine that is full, busy, or laid out strangely."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support import inventory
from tests.support.worlds import separate_world

STRANGE = "näme mit Leerzeichen & 'x' " + "x" * 100  # no Unix socket's path is this long


@contextmanager
def taken(number: int) -> Iterator[None]:
    """Another program listens there."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", number))
        other.listen()
        yield


def test_two_that_start_at_once_in_a_strange_folder_take_turns_and_ports_are_kept() -> None:
    """Two fresh `up`s work side by side; a port that is taken later is told, and freed it works again."""
    with separate_world(STRANGE) as world:
        first = world.begin("./slipway", "up", "staging")
        second = world.begin("./slipway", "up", "dev")
        assert first.wait() == 0, first.text()
        assert second.wait() == 0, second.text()
        assert inventory.differences(world) == {}
        assert world.render.names("/projects", "project") == ["cams"]
        assert world.local("stop").returncode == 0

        for name in ("render", "aws", "edge", "registry", "postgres-16"):
            with taken(world.port(name)):
                said = world.local("start")
            assert said.returncode == 1, said.output
            assert f"port {world.port(name)} on 127.0.0.1 is taken by another program" in said.output
            assert said.output.count("\n\nhint: ") == 1, said.output
            assert "Traceback" not in said.output

        assert world.local("start").returncode == 0
        again = world.pulumi("preview", "--stack", "staging", "--expect-no-changes")
        assert again.returncode == 0, again.output


@contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """A file system of 8 MiB, where this machine lets us have one."""
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"cannot mount a tmpfs here: {mounted.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(ballast: Path) -> None:
    """Write until nothing more goes in."""
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"0" * 4096):
            pass


def test_a_full_disk_is_told_and_mended_by_making_room(tmp_path: Path) -> None:
    """Not even the engine's plugins fit; with the ballast gone the same command works as far as the disk goes."""
    with separate_world() as world, small_disk(tmp_path / "disk"):
        ballast = tmp_path / "disk/ballast"
        fill(ballast)
        root = {"SLIPWAY_ROOT": str(tmp_path / "disk")}

        said = world.slipway("up", "dev", environment=root)

        assert said.returncode == 1, said.output
        assert "Traceback" not in said.output
        assert "no space left on device" in said.output.lower()
        assert "\n\nhint: " in said.output
        ballast.unlink()
        later = world.slipway("up", "dev", environment=root)  # the engine is larger than the whole disk
        assert later.returncode == 1, later.output
        assert "Traceback" not in later.output
        assert "no space left on device" in later.output.lower()
        assert "\n\nhint: make room" in later.output
        assert world.local("reset", environment=root).returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up rights")
def test_a_folder_that_cannot_be_written_is_told() -> None:
    """`.local` is read-only: one error that names it."""
    with separate_world() as world:
        (world.root / ".local").mkdir(mode=0o555)
        # Root, but without root's right to write anywhere.
        bound = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override")

        said = world.checkout.run(*bound, str(world.checkout.folder / "slipway"), "up", "dev")

        assert said.returncode == 1, said.output
        assert "Traceback" not in said.output
        assert ".local" in said.output
        assert "Permission denied" in said.output
        assert "\n\nhint: " in said.output
