"""What is seen of an instance's processes from outside."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from localcloud.render.runtime.instances.family import busy


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port of this process, on which nothing is accepted by itself."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def test_nobody_is_connected(listener: socket.socket) -> None:
    """A port that only listens is idle."""
    assert not busy(os.getpid(), _port(listener))


def test_who_waits_to_be_let_in_counts(listener: socket.socket) -> None:
    """A connection that the program has not accepted yet is a request all the same: to end now would lose it."""
    with socket.create_connection(listener.getsockname()):
        assert busy(os.getpid(), _port(listener))


def test_a_connection_counts_until_it_is_closed(listener: socket.socket) -> None:
    """From its beginning to its end, and no other port's."""
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()

    with socket.create_server(("127.0.0.1", 0)) as other:
        open_, elsewhere = busy(os.getpid(), _port(listener)), busy(os.getpid(), _port(other))
    server.close()
    client.close()

    assert (open_, elsewhere, busy(os.getpid(), _port(listener))) == (True, False, False)


def _port(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])
