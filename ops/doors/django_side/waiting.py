"""How long a process has waited for a processor that others had: the machine's load, and no work of its own."""

from __future__ import annotations

from pathlib import Path

PROC = Path("/proc")


def waited(pid: int, name: str = "", proc: Path = PROC) -> float:
    """In seconds, since it began; 0 where that is not known, as outside of Linux and for a server elsewhere.

    The second number of `schedstat`, in nanoseconds: https://docs.kernel.org/scheduler/sched-stats.html. Numbers of
    processes are another machine's, too, so one of that name has to be there.
    """
    try:
        if name and (proc / str(pid) / "comm").read_text().strip() != name:
            return 0.0
        return int((proc / str(pid) / "schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def at_work(pid: int, name: str, proc: Path = PROC) -> bool:
    """Whether it runs, or waits for a processor: what it has waited for by then is not counted yet."""
    try:
        called, _, rest = (proc / str(pid) / "stat").read_text().partition("(")[2].rpartition(")")
        return called == name and rest.split()[0] == "R"
    except (OSError, IndexError):
        return False
