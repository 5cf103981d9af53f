"""The messages, a file each in `.local/inbox/`: any of the local cloud's programs may add one."""

from __future__ import annotations

import fcntl
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from localcloud.machine import clock
from localcloud.machine.paths import folder, write_atomically


@dataclass(frozen=True)
class Message:
    """One mail, or one call of a webhook with what came of it."""

    kind: Literal["email", "webhook"]
    sender: str
    to: str
    subject: str
    text: str
    link: str = ""  # what to open to confirm
    outcome: str = "delivered"
    at: str = ""  # the cloud's time
    number: int = 0


def add(message: Message) -> None:
    """Put a message at the end, with its number and the present time."""
    with (folder("inbox") / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        number = max((int(file.stem) for file in _files()), default=0) + 1
        content = {**asdict(message), "number": number, "at": clock.now().isoformat(timespec="seconds")}
        write_atomically(folder("inbox") / f"{number:06}.json", json.dumps(content, indent=1).encode())


def messages() -> list[Message]:
    """All of them, the oldest first."""
    return [Message(**json.loads(file.read_bytes())) for file in _files()]


def _files() -> list[Path]:
    return sorted(folder("inbox").glob("[0-9]*.json"))
