"""What the processes of one instance tell each other of their proofs, in memory that forked ones share.

The first slot is the main process', which loads the application; each web worker has one of its own. A slot has one
writer at a time: the process that has it, or the main one while nobody has.
"""

import json
import mmap
import os
import time
from dataclasses import asdict, dataclass, replace

SLOT = 2048
LENGTH = 2
STARTS = "a web worker starts"
UNPROVED = "it was not started by `start.py web`, which proves that it can serve"


@dataclass(frozen=True)
class Tale:
    """How far one process is: what it does since when, or why it waits or has failed."""

    pid: int = 0
    state: str = "starting"  # or "failed", "proved"
    step: str = ""
    since: float | None = None  # by the machine's monotonic clock; None where it may take as long as it takes
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """The instance's: `ok` once and for all when each of its processes has proved itself."""

    status: str
    reason: str = ""

    @property
    def proved(self) -> bool:
        return self.status == "ok"


class Board:
    """One instance's slots. A process writes into its own and reads them all."""

    def __init__(self) -> None:
        self.limit = 0.0
        self._memory = mmap.mmap(-1, 1 + SLOT)
        self._slots = 1
        self._mine = 0
        self._tale = Tale(step=UNPROVED)
        self._write(0, self._tale)

    def expect(self, workers: int) -> None:
        """From now on the instance is its workers, none of which has proved anything; before they are forked."""
        self._memory = mmap.mmap(-1, 1 + (1 + workers) * SLOT)
        self._slots = 1 + workers
        self._write(0, Tale(os.getpid(), "proved"))

    def give(self) -> int:
        """A free slot for the process that is forked next; once the first workers are there, there may be none."""
        free = (slot for slot in range(1, self._slots) if not self._read(slot).pid)
        slot = next(free, self._slots)
        self._write(slot, Tale(-1, step=STARTS))
        return slot

    def take(self, slot: int) -> None:
        """From now on this process writes into that slot."""
        self._mine = slot

    def take_back(self, slot: int) -> None:
        """Free the slot of a process that has ended; why it was about to fail is worth keeping until the next one."""
        self._write(slot, replace(self._read(slot), pid=0, since=None))

    def begin(self, step: str, *, limited: bool = True) -> None:
        """This process now does that, and for no longer than the limit."""
        self._tell(Tale(os.getpid(), step=step, since=time.monotonic() if limited else None))

    def wait(self, reason: str) -> None:
        """This process can't go on, and will try again."""
        self._tell(Tale(os.getpid(), step=self._tale.step, reason=reason))

    def fail(self, reason: str) -> None:
        """This process has failed for good."""
        self._tell(Tale(os.getpid(), "failed", self._tale.step, None, reason))

    def prove(self) -> None:
        """This process has proved itself."""
        self._tell(Tale(os.getpid(), "proved"))

    def overdue(self) -> str:
        """The step of this process that has taken longer than it may; else nothing."""
        since = self._tale.since
        return self._tale.step if since and time.monotonic() > since + self.limit else ""

    def verdict(self) -> Verdict:
        """What the instance says of itself."""
        if self._memory[0]:
            return Verdict("ok")
        tales = [self._read(slot) for slot in range(self._slots)]
        for tale in tales:
            if tale.state == "failed":
                return Verdict("failed", f"{tale.step}: {tale.reason}")
        for tale in tales:
            if tale.state != "proved":
                return Verdict("starting", f"{tale.step}: {tale.reason}" if tale.reason else tale.step)
        self._memory[0] = 1
        return Verdict("ok")

    def _tell(self, tale: Tale) -> None:
        self._tale = tale
        self._write(self._mine, tale)

    def _write(self, slot: int, tale: Tale) -> None:
        if slot >= self._slots:
            return
        start, text = 1 + slot * SLOT, json.dumps(asdict(tale), ensure_ascii=False).encode()[: SLOT - LENGTH]
        self._memory[start : start + LENGTH] = bytes(LENGTH)  # whoever reads meanwhile finds nothing
        self._memory[start + LENGTH : start + LENGTH + len(text)] = text
        self._memory[start : start + LENGTH] = len(text).to_bytes(LENGTH, "big")

    def _read(self, slot: int) -> Tale:
        start = 1 + slot * SLOT
        length = int.from_bytes(self._memory[start : start + LENGTH], "big")
        try:
            return Tale(**json.loads(self._memory[start + LENGTH : start + LENGTH + length]))
        except ValueError:  # it is being written, or nothing was yet
            return Tale(step=STARTS)


board = Board()
