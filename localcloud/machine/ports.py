"""The ports of the local cloud: chosen free once, then kept, because connection strings and URLs name them."""

from __future__ import annotations

import fcntl
import json
import random
import socket
from itertools import chain

from console.errors import ExplainedError
from localcloud.machine.paths import local, write_atomically

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
            ports[name] = choose(set(ports.values()))
            write_atomically(path, json.dumps(ports, indent=1).encode())
        return ports[name]


def ports() -> dict[str, int]:
    """Every port kept so far, by name."""
    try:
        numbers: dict[str, int] = json.loads((local() / "ports.json").read_text())
    except FileNotFoundError:
        return {}
    return numbers


def check_free(name: str) -> None:
    """Refuse to go on when another program listens on the port kept under that name."""
    number = port(name)
    try:
        _bind(number)
    except OSError as error:
        raise ExplainedError(
            f"cannot start {name}",
            f"port {number} on {HOST} is taken by another program ({error.strerror})",
            hint=f"end that program and run the same command again; to see which it is: lsof -i :{number}",
        ) from error


def is_free(number: int) -> bool:
    """Whether nobody listens on that port at this moment."""
    try:
        _bind(number)
    except OSError:
        return False
    return True


def choose(taken: set[int]) -> int:
    """A port that is free at this moment and not in `taken`."""
    for number in chain(random.sample(RANGE, 100), RANGE):  # to shuffle all of them takes longer than the rest
        if number not in taken and is_free(number):
            return number
    raise ExplainedError("cannot choose a port", f"none of {RANGE.start}-{RANGE.stop} is free on {HOST}")


def _bind(number: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, number))
