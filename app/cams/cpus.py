"""How many CPUs this process may really use, which in a container is often fewer than the machine has."""

import math
import os
from pathlib import Path

CGROUP_LIMIT = Path("/sys/fs/cgroup/cpu.max")


def usable_cpus(limit: Path = CGROUP_LIMIT) -> int:
    """The lesser of the CPUs this process is bound to and its control group's quota, at least one."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = limit.read_text().split()
    except (OSError, ValueError):  # no control groups of version 2 here
        return bound
    if quota == "max":
        return bound
    return max(1, min(bound, math.ceil(int(quota) / int(period))))
