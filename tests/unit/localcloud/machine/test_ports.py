"""Ports are chosen once and kept."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from console.errors import ExplainedError
from localcloud.machine import ports


@pytest.fixture(autouse=True)
def _root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))


def test_a_port_is_kept_under_its_name() -> None:
    """URLs and connection strings stay valid."""
    assert ports.port("render") == ports.port("render")
    assert ports.ports() == {"render": ports.port("render")}


def test_names_asked_for_at_once_get_different_ports() -> None:
    """The file is written by one at a time."""
    names = [f"service-{number}" for number in range(20)]

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(ports.port, names))

    assert len(set(given)) == 20
    assert ports.ports() == dict(zip(names, given, strict=True))


def test_a_port_taken_by_another_program_is_an_error_that_names_it() -> None:
    """The message says which port, and what to do."""
    number = ports.port("render")
    with socket.socket() as other:
        other.bind((ports.HOST, number))
        other.listen()

        with pytest.raises(ExplainedError, match=rf"cannot start render: port {number} on 127.0.0.1 is taken"):
            ports.check_free("render")
    ports.check_free("render")
