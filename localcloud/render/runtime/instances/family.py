"""What the processes of an instance do: its leader and all that it has started."""

from __future__ import annotations

import contextlib
from pathlib import Path

import psutil

TABLES = Path("/proc/net/tcp"), Path("/proc/net/tcp6")  # of Linux
ESTABLISHED = "01"


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
    """Whether anybody is connected to their port: also who still waits to be let in, whom no process has yet."""
    tables = [table for table in TABLES if table.exists()]
    if tables:
        return any(_established(table, port) for table in tables)
    for member in _members(pid):
        with contextlib.suppress(psutil.Error):
            for connection in member.net_connections("tcp"):
                ours = connection.laddr and connection.laddr.port == port
                if ours and connection.status == psutil.CONN_ESTABLISHED:
                    return True
    return False


def _established(table: Path, port: int) -> bool:
    """Each line: its number, the local address and port, the remote ones, the state. `man 5 proc_net`."""
    rows = (line.split() for line in table.read_text().splitlines()[1:])
    return any(int(row[1].rpartition(":")[2], 16) == port and row[3] == ESTABLISHED for row in rows)


def _members(pid: int | None) -> list[psutil.Process]:
    if pid is None:
        return []
    try:
        leader = psutil.Process(pid)
        return [leader, *leader.children(recursive=True)]
    except psutil.Error:
        return []
