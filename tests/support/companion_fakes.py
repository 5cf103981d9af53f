"""What the companion is given in tests: a clock that passes by waiting, services of its own, and a database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from console.errors import ExplainedError
from ops.companion.drops import Drop, Folder, Queue
from ops.companion.memory import Memory
from ops.companion.settings import Settings
from ops.companion.work import Companion
from ops.doors.stopping import Stopping


@dataclass
class ServicesFake:
    """By name, whether each runs; `said` is what was asked, in order."""

    running: dict[str, bool]
    said: list[str] = field(default_factory=list)
    deaf: set[str] = field(default_factory=set)
    """Those that do not stop."""
    broken: set[str] = field(default_factory=set)
    """Those that do not come up."""

    def runs(self, name: str) -> bool:
        """As it is."""
        return self.running[name]

    def is_up(self, name: str) -> bool:
        """The same, but of a broken one."""
        return self.running[name] and name not in self.broken

    def stop(self, name: str, seconds: float) -> None:
        """At once."""
        self.said.append(f"stop {name}")
        self.running[name] = name in self.deaf

    def start(self, name: str) -> None:
        """At once."""
        self.said.append(f"start {name}")
        self.running[name] = True


@dataclass
class World:
    """A folder that is watched, and all around it."""

    folder: Path
    state_file: Path
    services: ServicesFake = field(default_factory=lambda: ServicesFake({"web": True, "worker": True}))
    time: float = 0
    said: list[str] = field(default_factory=list)
    restored: list[bytes] = field(default_factory=list)
    during: Callable[[], None] = lambda: None
    """What happens while one is restored."""
    between: list[Callable[[], None]] = field(default_factory=list)
    """What happens at each waiting, one after the other; asked to end after the last."""
    stopping: Stopping = field(default_factory=Stopping)

    def companion(self, memory: Memory, queue: Queue | None = None) -> Companion:
        """One at work here."""
        settings = Settings(
            watch=self.folder,
            state_file=self.state_file,
            services=tuple(self.services.running),
            platform="render",
            poll_interval=10,
            stop_timeout=30,
            stop_wait=5,
            start_wait=60,
        )
        return Companion(
            settings,
            queue or Folder(self.folder),
            memory,
            self.services,
            self.restore,
            lambda: self.said.append("cleared"),
            self.stopping,
            self.said.append,
            lambda: self.time,
            self.wait,
        )

    def lay(self, name: str, content: bytes = b"SELECT 1") -> Path:
        """A dump, whole."""
        path = self.folder / name
        path.write_bytes(content)
        return path

    def restore(self, drop: Drop) -> None:
        """Into a list; a dump that says so fails."""
        assert not any(self.services.running.values())
        self.during()
        content = b"".join(drop.read())
        if content.startswith(b"bad"):
            raise ExplainedError("cannot restore it", "syntax error", hint="another one")
        self.restored.append(content)

    def wait(self, seconds: float) -> bool:
        """Time passes."""
        self.time += seconds
        if seconds == 10 and self.between:
            self.between.pop(0)()
            if not self.between:
                self.stopping.ask()
        return self.stopping.asked
