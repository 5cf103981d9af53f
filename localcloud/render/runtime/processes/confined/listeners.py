"""Ends what the network reaches all the same: the last line, for whatever neither the kernel nor Python confines.

Looked at when a program has started, and regularly. On Linux a look reads four small files while no socket is new.
"""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from localcloud.machine import process
from localcloud.machine.process import Process
from localcloud.render.runtime.processes.confined.addresses import is_loopback

LOOK_SECONDS = 0.5
FIRST_CLIENT_PORT = 32768  # from here on the kernel gives UDP ports to those who only send
LISTENS = "0A"
LOOPBACK_6 = "0" * 24 + "01000000"  # as the kernel writes ::1 and ::ffff:127…
MAPPED = "0" * 16 + "FFFF0000"

_watched: dict[str, tuple[Process, Path]] = {}
_refused: dict[Process, str] = {}
_lock, _ending = threading.Lock(), threading.Lock()
_thread: list[threading.Thread] = []


def watch(started: Process, log: Path) -> None:
    """Look at that process and all that it starts until they have ended; what is found is written into its log."""
    with _lock:
        _watched[started.name] = started, log
        if not _thread:
            _thread.append(threading.Thread(target=_look_on, name="listeners", daemon=True))
            _thread[0].start()


def exposed(started: Process) -> list[str]:
    """The addresses at which the network reaches that process or one that it has started."""
    addresses = set()
    for member in _family(started):
        with suppress(psutil.Error):
            for one in member.net_connections("inet"):
                if one.laddr and _serves(one) and not is_loopback(one.laddr.ip):
                    kind = "UDP " if one.type == socket.SOCK_DGRAM else ""
                    addresses.add(f"{kind}{one.laddr.ip}, port {one.laddr.port}")
    return sorted(addresses)


def refused(started: Process, log: Path) -> str | None:
    """Why it was ended, now or before: the network reaches it. That is the last line of its log, too."""
    with _ending:
        if started not in _refused and (where := exposed(started)):
            process.stop(started, sig=signal.SIGKILL)
            why = f"the whole network reaches it at {' and at '.join(where)}; on this machine bind 127.0.0.1"
            _refused[started] = why
            with suppress(OSError), log.open("a") as file:  # a full disk must not end the look
                file.write(f"ended by the local cloud: {why}\n")
            print(f"{started.name} was ended: {why}", file=sys.stderr, flush=True)
        return _refused.get(started)


def _look_on() -> None:
    pause, known = threading.Event(), set[str]()
    while not pause.wait(LOOK_SECONDS):
        sockets = _sockets()
        fresh = sockets is None or not sockets <= known
        known = sockets or set()
        with _lock:
            watched = list(_watched.values())
        for started, log in watched:
            if not started.alive and not process.members(started):
                with _lock:
                    if _watched.get(started.name) == (started, log):
                        del _watched[started.name]
            elif fresh:
                refused(started, log)


def _family(started: Process) -> list[psutil.Process]:
    members = {member.pid: member for member in process.members(started)}
    for member in list(members.values()):
        with suppress(psutil.Error):
            members |= {child.pid: child for child in member.children(recursive=True)}
    return list(members.values())


def _serves(one: Any) -> bool:
    """Whether strangers can send to that socket, and it is not one that was bound only to send."""
    if one.type == socket.SOCK_DGRAM:
        return not one.raddr and one.laddr.port < FIRST_CLIENT_PORT
    return bool(one.status == psutil.CONN_LISTEN)


def _sockets() -> set[str] | None:
    """The sockets on this machine that the network may reach; None where only a longer look can tell."""
    try:
        return {inode for name in ("tcp", "tcp6", "udp", "udp6") for inode in _listed(name)}
    except OSError:
        return None


def _listed(name: str) -> Iterator[str]:
    with Path("/proc/net", name).open() as lines:
        next(lines, None)
        for line in lines:
            _, local, remote, state, *_ = words = line.split()
            address, _, port = local.partition(":")
            near = address == LOOPBACK_6 or (address.removeprefix(MAPPED)[6:] == "7F")
            if name.startswith("tcp"):
                serves = state == LISTENS
            else:
                serves = remote.endswith(":0000") and int(port, 16) < FIRST_CLIENT_PORT
            if serves and not near:
                yield words[9]
