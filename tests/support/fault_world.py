"""A local cloud of the attacks' own, driven by a copy of the checkout whose files a test may spoil."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil
import requests

from tests.support.checkout import Checkout
from tests.support.waiting import eventually

SECONDS = 240.0  # never for ever, also on a machine that is busy with something else


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        """Data and talk."""
        return self.out + self.err


class World:
    """A copy of the tracked files (a git repository of its own) and a folder for the local cloud's state."""

    def __init__(self, root: Path, copy: Checkout, variables: Mapping[str, str] | None = None) -> None:
        self.root = root
        self.copy = copy
        self.checkout = copy.folder
        self._given = dict(variables or {})

    @property
    def base(self) -> dict[str, str]:
        """The environment of somebody who has typed nothing yet."""
        return {**self.copy.environment, "SLIPWAY_ROOT": str(self.root), **self._given}

    @property
    def env(self) -> dict[str, str]:
        """What `eval "$(./slipway local env)"` gives."""
        said = self.local("env", "--json")
        assert said.code == 0, said.all
        changed = {**self.base, **json.loads(said.out)}
        return {name: value for name, value in changed.items() if value is not None}

    def run(
        self, *words: str, env: Mapping[str, str] | None = None, cwd: Path | None = None, seconds: float = 120
    ) -> Said:
        """Run a program to its end."""
        done = subprocess.run(
            words,
            cwd=cwd or self.checkout,
            env=dict(env or self.base),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def slipway(self, *words: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Said:
        """The command line, as the launcher starts it."""
        return self.run(str(self.checkout / ".venv/bin/python"), "-m", "ops", *words, env=env, cwd=cwd)

    def local(self, *words: str, env: Mapping[str, str] | None = None) -> Said:
        """A command of the local cloud."""
        return self.run(str(self.checkout / ".venv/bin/python"), "-m", "localcloud", *words, env=env)

    def pulumi(self, *words: str, env: Mapping[str, str] | None = None, seconds: float = 120) -> Said:
        """The bare tool, as its user has it after `local env`."""
        environment = dict(env or self.env)
        found = shutil.which("pulumi", path=environment["PATH"])
        assert found, "no pulumi on the local PATH"
        return self.run(found, *words, "--non-interactive", env=environment, seconds=seconds)

    def up(self, stack: str, env: Mapping[str, str] | None = None) -> Said:
        """`pulumi up` with no questions."""
        return self.pulumi("up", "--stack", stack, "--yes", "--skip-preview", env=env)

    def begin(self, *words: str, env: Mapping[str, str] | None = None) -> Running:
        """Start a program in a process group of its own and do not wait for it."""
        log = Path(tempfile.mkstemp(prefix="run-", suffix=".log", dir=self.root)[1])
        environment = dict(env or self.base)
        found = shutil.which(words[0], path=environment["PATH"]) or words[0]
        with log.open("wb") as output:
            popen = subprocess.Popen(
                [found, *words[1:]],
                cwd=self.checkout,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Running(popen, log)

    def begin_up(self, stack: str) -> Running:
        """A bare `pulumi up`: the wrapper becomes the engine, so the process is the engine itself."""
        return self.begin("pulumi", "up", "--stack", stack, "--yes", "--skip-preview", env=self.env)

    def spoil(self, name: str, old: str, new: str) -> None:
        """Change a file of the copy; the old text must be there."""
        path = self.checkout / name
        text = path.read_text()
        assert old in text, f"{name} does not say {old!r}"
        path.write_text(text.replace(old, new, 1))

    @contextlib.contextmanager
    def spoilt(self, name: str, *changes: tuple[str, str]) -> Iterator[None]:
        """The same for the length of a test."""
        path = self.checkout / name
        before = path.read_text()
        try:
            for old, new in changes:
                self.spoil(name, old, new)
            yield
        finally:
            path.write_text(before)

    @cached_property
    def outside(self) -> list[Path]:
        """What the local cloud keeps beside `.local/`, asked of its own program."""
        home = "localcloud.render.runtime.databases.folders"
        code = f"from {home} import reset_folders; print(*reset_folders(), sep='\\n')"
        said = self.run(str(self.checkout / ".venv/bin/python"), "-c", code)
        assert said.code == 0, said.all
        return [Path(line) for line in said.out.splitlines()]

    def processes(self) -> list[psutil.Process]:
        """Every living process that belongs to this world, by what it was started with."""
        found, places = [], [str(self.root), *map(str, self.outside)]
        for one in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if one.status() != psutil.STATUS_ZOMBIE and any(place in _told(one) for place in places):
                    found.append(one)
        return found

    def left(self) -> list[str]:
        """The same in words, for a test to tell."""
        return [f"{one.pid} {one.name()}" for one in self.processes()]

    def port(self, name: str) -> int:
        """The port kept under that name."""
        return int(json.loads((self.root / ".local/ports.json").read_text())[name])

    def fault(self, cloud: str, **what: Any) -> None:
        """Ask one of the two clouds for a fault."""
        told = requests.post(f"http://127.0.0.1:{self.port(cloud)}/_local/faults", json=what, timeout=5)
        assert told.ok, told.text

    def no_faults(self) -> None:
        """Let nothing more go wrong."""
        for cloud in ("aws", "render"):
            requests.delete(f"http://127.0.0.1:{self.port(cloud)}/_local/faults", timeout=5)


class Running:
    """A program in progress."""

    def __init__(self, popen: subprocess.Popen[bytes], log: Path) -> None:
        self.popen = popen
        self.log = log
        self._family: dict[int, psutil.Process] = {}

    def text(self) -> str:
        """What it has written so far."""
        return self.log.read_text(errors="replace")

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition while it runs; one that ends before is a failure of the test."""

        def so() -> bool:
            self._look()
            if condition():
                return True
            assert self.popen.poll() is None, f"it ended before, with {self.popen.returncode}:\n{self.text()}"
            return False

        eventually(so, seconds=SECONDS)

    def until_says(self, words: str) -> None:
        """Wait for words in its output."""
        self.until(lambda: words in self.text())

    def kill(self) -> None:
        """End it with no warning, as `kill -9` does, and nothing else."""
        self._look()
        self.popen.kill()
        self.popen.wait(SECONDS)

    def interrupt(self, number: int = signal.SIGINT) -> int:
        """What Ctrl-C in a terminal does: the signal goes to the whole process group. Returns the exit code."""
        self._look()
        os.killpg(self.popen.pid, number)
        return self.wait()

    def wait(self) -> int:
        """Its exit code."""
        return self.popen.wait(SECONDS)

    def family(self) -> list[psutil.Process]:
        """Those of its descendants that are still alive."""
        return [one for one in self._family.values() if _alive(one)]

    def _look(self) -> None:
        with contextlib.suppress(psutil.Error):
            for one in psutil.Process(self.popen.pid).children(recursive=True):
                self._family.setdefault(one.pid, one)


def git(folder: Path, *words: str) -> str:
    """A git command of nobody in particular."""
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


@contextlib.contextmanager
def a_world(name: str = "world", *, variables: Mapping[str, str] | None = None) -> Iterator[World]:
    """A world that is forgotten at the end."""
    folder = Path(tempfile.mkdtemp(prefix="slf-"))
    folder.chmod(0o755)
    root = folder / name
    root.mkdir()
    (folder / "checkout").mkdir()
    world = World(root, Checkout(folder / "checkout"), variables)
    try:
        yield world
    finally:
        world.local("reset")
        shutil.rmtree(folder, ignore_errors=True)


def _alive(one: psutil.Process) -> bool:
    try:
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _told(one: psutil.Process) -> str:
    return " ".join([*one.cmdline(), one.cwd(), one.environ().get("SLIPWAY_ROOT", "")])
