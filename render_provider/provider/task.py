"""One call of the engine: the client to do it with, who asked, and how to tell of its progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from render_api.client import Client
from render_api.errors import RefusedError, RenderError

STUMBLES = 10  # errors of Render's own, in a row, that a wait takes for passing: what it waits for goes on


class Level(Enum):
    """How loudly something is told."""

    STATUS = "status"  # the resource's own line, replaced by the next
    INFO = "info"  # kept under the resource
    WARNING = "warning"


class TimedOutError(RenderError):
    """What was waited for has not come in its time."""


Tell = Callable[[Level, str], None]


@dataclass(frozen=True)
class Task:
    """What a resource needs to do its work."""

    client: Client
    owner_id: str
    tell: Tell
    timeout: float = 0  # the program's custom timeout in seconds; 0 when it gave none
    kept: dict[str, Any] = field(default_factory=dict)  # what one step of this call leaves for the next

    @staticmethod
    def new(client: Client, owner_id: str, tell: Tell, timeout: float = 0) -> Task:
        """A task whose client announces its waits where the task tells its progress."""
        telling = client.telling(lambda message: tell(Level.INFO, message))
        return Task(telling, owner_id, tell, timeout)

    def say(self, message: str) -> None:
        """Progress, worth a glance."""
        self.tell(Level.STATUS, message)

    def note(self, message: str) -> None:
        """Something to remember after the run."""
        self.tell(Level.INFO, message)

    def warn(self, message: str) -> None:
        """Something that is probably not what was meant."""
        self.tell(Level.WARNING, message)

    def wait(
        self,
        what: str,
        look: Callable[[], Any],
        done: Callable[[Any], bool],
        *,
        limit: float,
        status: Callable[[Any], str],
        pause: float = 10,
    ) -> Any:
        """Look again and again, ever slower, until done; say how it stands at each change and every half minute."""
        clock = self.client.clock
        start, said, said_at = clock.now(), "", 0.0
        limit, look = self.timeout or limit, self._patient(look)
        while not done(state := look()):
            waited = clock.now() - start
            if waited > limit:
                raise TimedOutError(
                    what,
                    f"still {status(state)} after {limit / 60:.0f} min",
                    hint="run `pulumi up` again: it goes on waiting",
                )
            if status(state) != said or waited - said_at > 30:
                said, said_at = status(state), waited
                self.say(f"{what}: {said}" + (f" ({waited:.0f} s)" if waited > 5 else ""))
            # Seen when it took at most a fifth longer; thirty looks in the first minute, of 400 that Render allows.
            clock.sleep(min(max(0.1, waited / 5), pause))
        return state

    def _patient(self, look: Callable[[], Any]) -> Callable[[], Any]:
        """The same look, again where Render itself has failed at it."""

        def again() -> Any:
            for stumble in range(1, STUMBLES + 1):
                try:
                    return look()
                except RefusedError as error:
                    if error.status < 500 or stumble == STUMBLES:
                        raise
                    self.say(f"{error}: looking again")
                    self.client.clock.sleep(stumble)
            raise AssertionError  # the last stumble is raised

        return again
