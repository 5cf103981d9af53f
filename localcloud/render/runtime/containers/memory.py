"""Whether the kernel has killed something of a container for its memory, read from its control group."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
KILLED = re.compile(r"^oom_kill (\d+)$", re.MULTILINE)


def killed_for_memory(pid: int) -> bool:
    """Whether any process was, of those that share that one's limit. https://docs.kernel.org/admin-guide/cgroup-v2.html"""
    try:
        groups = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
        for line in groups:
            number, controllers, path = line.split(":", 2)
            if "memory" in controllers.split(","):  # version 1
                said = (ROOT / "memory" / path.lstrip("/") / "memory.oom_control").read_text()
            elif number == "0" and not any(":memory" in one or ",memory" in one for one in groups):
                said = (ROOT / path.lstrip("/") / "memory.events").read_text()
            else:
                continue
            return any(int(count) for count in KILLED.findall(said))
    except OSError:
        pass  # it has ended: how, the engine knows
    return False
