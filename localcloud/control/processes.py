"""The processes of the local cloud as `local status` shows them: what each holds with all that it started."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

import psutil

from localcloud.docker import ours
from localcloud.machine import process


@dataclass(frozen=True)
class Running:
    """One that the local cloud started, and its family."""

    name: str
    pid: int
    processes: int
    memory_mib: int


def running() -> list[Running]:
    """Every one that runs."""
    families = process.families()
    for name, pid in ours.leaders().items():  # the process of ours is only the client of the container
        with contextlib.suppress(psutil.NoSuchProcess):
            leader = psutil.Process(pid)
            family = families.get(f"instance-{name.removeprefix(ours.PREFIX)}")
            if family is not None:
                family += [leader, *leader.children(recursive=True)]
    return [
        Running(one.name, one.pid, len(family), sum(map(_held, family)) >> 20)
        for one in process.running()
        for family in [families.get(one.name, [])]
    ]


def port(name: str, kept: Mapping[str, int]) -> int | str:
    """The port kept for a process; a service's edge has the service's own."""
    return kept.get(name, kept.get(f"service-{name.removeprefix('edge-')}", ""))


def _held(member: psutil.Process) -> int:
    """Bytes that are its own; nothing of one that has ended since."""
    try:
        held = member.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(held, "pss", held.uss))  # macOS does not tell what is shared by how many
