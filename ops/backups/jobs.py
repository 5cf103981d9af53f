"""How much a backup, a restore or a drill does side by side where nobody says it."""

from __future__ import annotations

import os

LEAST, MOST = 2, 3


def usual_jobs() -> int:
    """As many as there are cores, within bounds: a container sees all those of its machine, whatever it may use.

    Each is a connection to the server and some 40 MiB of ours, of which a backup may take 256 in all.
    """
    return min(max(LEAST, os.cpu_count() or 1), MOST)
