"""The ports of the local cloud: chosen free once, then kept, because connection strings and URLs name them."""

from __future__ import annotations

import contextlib
import fcntl
import json
import random
import socket

from localcloud.errors import LocalCloudError
from localcloud.paths import local, write_atomically

HOST = "127.0.0.1"
RANGE = range(20000, 32000)  # below the kernel's ephemeral ports, which any outgoing connection may hold for a while


def port(name: str) -> int:
    """The port kept under that name, chosen free at the first call. Safe to call from several processes."""
    path = local() / "ports.json"
    with (local() / "ports.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            ports: dict[str, int] = json.loads(path.read_text())
        except FileNotFoundError:
            ports = {}
        if name not in ports:
            ports[name] = _free(taken=set(ports.values()))
            write_atomically(path, json.dumps(ports, indent=1).encode())
        return ports[name]


def ports() -> dict[str, int]:
    """Every port kept so far, by name."""
    try:
        found: dict[str, int] = json.loads((local() / "ports.json").read_text())
    except FileNotFoundError:
        return {}
    return found


def check_free(name: str) -> None:
    """Refuse to go on when another program listens on the port kept under that name."""
    number = port(name)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except OSError as error:
            raise LocalCloudError(
                f"cannot start {name}",
                f"port {number} on {HOST} is taken by another program ({error.strerror})",
                hint="end that program and run the same command again, "
                "or give up this local cloud's state: ./slipway local reset",
            ) from error


def _free(taken: set[int]) -> int:
    for number in random.sample(RANGE, len(RANGE)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, number))
            if number not in taken:
                return number
    raise LocalCloudError("cannot choose a port", f"none of {RANGE.start}-{RANGE.stop} is free on {HOST}")
