"""What the companion has done: it outlives a kill."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from console.errors import REFUSED, ExplainedError
from ops.companion.drops import Drop
from ops.companion.keeping import InFile, Keeping
from ops.doors import drop_folder

Outcome = Literal["begun", "restored", "failed", "interrupted", "another's"]


class Taken(BaseModel):
    """One dump, and what became of it."""

    model_config = ConfigDict(frozen=True)

    name: str
    size: int
    stamp: str
    outcome: Outcome
    at: datetime
    seconds: float = 0
    why: str = ""


class State(BaseModel):
    """All that is remembered."""

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    companion: str = Field(default_factory=lambda: secrets.token_hex(8))
    writer: str = ""
    """The run that wrote this: no two write the same."""
    stopped: tuple[str, ...] = ()
    """Services that we have stopped and have to start."""
    taken: dict[str, Taken] = {}
    """By identity."""


class Memory:
    """Each change is written before what follows from it is done."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping, self._writer = keeping, secrets.token_hex(8)
        self.state = State()
        if found := _read(keeping):
            self.state = found
        else:
            self._write()  # who we are: a claim that we make is ours after a kill, too

    @property
    def shared(self) -> bool:
        """Whether another run may still be at work with it."""
        return self._keeping.shared

    @property
    def busy(self) -> bool:
        """Whether a dump is being restored or a service is stopped, as far as is remembered."""
        return bool(self.state.stopped) or any(one.outcome == "begun" for one in self.state.taken.values())

    def look_again(self) -> bool:
        """Read it anew; whether somebody has written meanwhile."""
        before, self.state = self.state, _read(self._keeping) or self.state
        return self.state != before

    def knows(self, drop: Drop) -> bool:
        """Whether it was taken, however that ended."""
        return drop.identity in self.state.taken

    def note(self, drop: Drop, outcome: Outcome, at: datetime, *, seconds: float = 0, why: str = "") -> Taken:
        """What is being done with it, or became of it."""
        taken = Taken(
            name=drop.name,
            size=drop.size,
            stamp=drop.stamp,
            outcome=outcome,
            at=at,
            seconds=round(seconds, 1),
            why=why,
        )
        self._write(taken={**self.state.taken, drop.identity: taken})
        return taken

    def stopping(self, service: str) -> None:
        """It is going to be stopped."""
        if service not in self.state.stopped:
            self._write(stopped=(*self.state.stopped, service))

    def started(self, service: str) -> None:
        """It runs again."""
        self._write(stopped=tuple(one for one in self.state.stopped if one != service))

    def interrupt(self) -> list[Taken]:
        """What was under way when we were killed is not taken again; returns it."""
        cut = {key: one for key, one in self.state.taken.items() if one.outcome == "begun"}
        now = {key: one.model_copy(update={"outcome": "interrupted"}) for key, one in cut.items()}
        if now:
            self._write(taken=self.state.taken | now)
        return list(now.values())

    def _write(self, **changes: object) -> None:
        state = self.state.model_copy(update={**changes, "writer": self._writer})
        self._keeping.save(state.model_dump_json(indent=1))
        self.state = state


@contextmanager
def remembering(path: Path, watched: Path | None) -> Iterator[Memory]:
    """The memory, as its only user, and as the only one who watches that folder."""
    lock = path.with_name(f".{path.name}.lock")
    lock.touch(mode=0o600)
    with drop_folder.alone(lock) as mine, drop_folder.alone(watched or lock.parent) as watching:
        if not mine or (watched and not watching):
            raise ExplainedError(
                "refused",
                f"another companion is at work with {path if not mine else watched}",
                hint="one is enough; end the other one first",
                code=REFUSED,
            )
        yield Memory(InFile(path))


def _read(keeping: Keeping) -> State | None:
    text = keeping.load()
    if text is None:
        return None
    try:
        return State.model_validate_json(text)
    except ValidationError as error:
        raise ExplainedError(
            f"cannot read {keeping.place}",
            "it holds something else than what a companion remembers",
            hint="without it, all that lies there would be restored anew: mend it, or move it and the old dumps away",
        ) from error
