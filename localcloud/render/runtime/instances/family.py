"""What the processes of an instance do: its leader and all that it has started."""

from __future__ import annotations

import contextlib

import psutil


def work(pid: int | None) -> tuple[float, bool]:
    """The processor seconds spent so far, and whether they wait for more of them, or for a disk."""
    spent, waits = 0.0, False
    for member in _members(pid):
        with contextlib.suppress(psutil.Error):
            times = member.cpu_times()
            spent += times.user + times.system
            waits = waits or member.status() in (psutil.STATUS_RUNNING, psutil.STATUS_DISK_SLEEP)
    return spent, waits


def busy(pid: int | None, port: int) -> bool:
    """Whether anybody is connected to their port."""
    for member in _members(pid):
        with contextlib.suppress(psutil.Error):
            for connection in member.net_connections("tcp"):
                ours = connection.laddr and connection.laddr.port == port
                if ours and connection.status == psutil.CONN_ESTABLISHED:
                    return True
    return False


def _members(pid: int | None) -> list[psutil.Process]:
    if pid is None:
        return []
    try:
        leader = psutil.Process(pid)
        return [leader, *leader.children(recursive=True)]
    except psutil.Error:
        return []
