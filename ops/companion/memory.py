"""What the companion has done, in a file that is whole at every moment: it outlives a kill."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from console.errors import REFUSED, ExplainedError
from ops.companion.drops import Drop
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
    stopped: tuple[str, ...] = ()
    """Services that we have stopped and have to start."""
    taken: dict[str, Taken] = {}
    """By identity."""


class Memory:
    """The file; each change is written before what follows from it is done."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.state = _read(path)

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
        state = self.state.model_copy(update=changes)
        beside = self._path.with_name(f".{self._path.name}.new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(state.model_dump_json(indent=1))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
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
        yield Memory(path)


def _read(path: Path) -> State:
    try:
        text = path.read_text()
    except FileNotFoundError:
        return State()
    try:
        return State.model_validate_json(text)
    except ValidationError as error:
        raise ExplainedError(
            f"cannot read {path}",
            "it holds something else than what a companion remembers",
            hint="without it, all that lies there would be restored anew: mend it, or move it and the old dumps away",
        ) from error
