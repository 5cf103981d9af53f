"""`local stop`: also after the daemons were killed."""

from __future__ import annotations

from console.output import Output
from localcloud.control import daemons


def stop() -> None:
    """Stop everything; the state is kept."""
    ended = daemons.stop()
    Output().say(f"stopped {', '.join(ended)}" if ended else "nothing was running")
