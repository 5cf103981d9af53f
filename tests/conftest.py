"""What no test inherits: the repository of the hook that runs it, its user's git, proxies, clouds and more."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from coverage import Coverage

from console import inherited

EVERYBODY_READS = 0o022

inherited.settle()
_kept = inherited.for_servers()
os.environ.clear()
os.environ.update(
    {"SLIPWAY_IMAGES": "source"} | _kept,
    GIT_CONFIG_GLOBAL=str(Path(__file__).with_name("gitconfig")),
    GIT_CONFIG_NOSYSTEM="1",
)

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # in a script's background; what tests start has to hear it
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _own_umask() -> Iterator[None]:
    """What a command of ours takes from the others for its process, it takes for this test alone."""
    before = os.umask(EVERYBODY_READS)
    yield
    os.umask(before)


def pytest_sessionfinish() -> None:
    """Keep now what was measured: a worker that takes long to end is killed by its leader."""
    if measured := Coverage.current():
        measured.save()
