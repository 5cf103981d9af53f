"""Worlds that come and go: after one neither a process nor a file of it is left."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.checkout import Checkout
from tests.support.world import World


@contextmanager
def empty_world(checkout: Checkout) -> Iterator[World]:
    """One in its checkout; that all of it ends is asserted."""
    world = World(checkout)
    try:
        yield world
    finally:
        checkout.shell("./slipway local reset", check=True)
        assert world.left_running() == []


@contextmanager
def separate_world(name: str = "world") -> Iterator[World]:
    """One whose cloud keeps its state outside of its checkout."""
    folder = Path(tempfile.mkdtemp(prefix="slf-"))
    folder.chmod(0o755)
    root = folder / name
    root.mkdir()
    (folder / "checkout").mkdir()
    checkout = Checkout(folder / "checkout")
    checkout.hurry()
    checkout.environment["SLIPWAY_ROOT"] = str(root)
    world = World(checkout)
    try:
        yield world
    finally:
        world.local("reset")
        shutil.rmtree(folder, ignore_errors=True)
