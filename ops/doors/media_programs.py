"""The doors to rclone and rsync: what is put waits in a folder of this machine, and goes many files at a time."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from console.errors import ExplainedError
from ops.doors.media_store import CHUNK, FolderStore

MOST_BYTES = 256 * 1024 * 1024  # that wait; a file that is larger goes alone
MOST_FILES = 2000
LINES = 3  # of what a program said last
NOT_THERE = ("No such file or directory", "directory not found")  # a copy that has not begun


@dataclass
class ProgramStore(ABC):
    """A folder somewhere else, reached by a program. What it keeps is listed once: asking for each takes too long."""

    where: str
    _batch: tempfile.TemporaryDirectory[str] | None = None
    _waiting: dict[str, int] = field(default_factory=dict)
    _there: dict[str, dict[bytes, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    program = ""

    def size(self, place: str) -> int | None:
        """As it was listed, or put since."""
        with self._lock:
            return self._size(place)

    def put(self, place: str, chunks: Iterator[bytes]) -> int:
        """It has arrived once `finish` has ended."""
        there = self.size(place)
        if there is not None:
            return there
        with self._lock:
            root = self._root()
        size = FolderStore(root).put(place, chunks)
        with self._lock:
            self._waiting[place] = size
            if len(self._waiting) >= MOST_FILES or sum(self._waiting.values()) >= MOST_BYTES:
                self._send_all()
        return size

    def finish(self) -> None:
        """Have the rest arrive."""
        with self._lock:
            self._send_all()

    def list(self, below: str) -> Iterator[tuple[str, int]]:
        """In the order of their bytes."""
        yield from sorted((below + name, size) for name, size in self._listed(below))

    def close(self) -> None:
        """Forget what has not gone."""
        if self._batch:
            self._batch.cleanup()
            self._batch = None

    @abstractmethod
    def read(self, place: str) -> Iterator[bytes]:
        """What is there."""

    @abstractmethod
    def _listed(self, below: str) -> Iterator[tuple[str, int]]:
        """Files below a folder, by their paths in it."""

    @abstractmethod
    def _send(self, folder: Path) -> None:
        """Have all in it arrive; what is there already stays as it is."""

    def _root(self) -> Path:
        self._batch = self._batch or tempfile.TemporaryDirectory(prefix="slipway-media-")
        return Path(self._batch.name)

    def _at(self, place: str) -> str:
        return f"{self.where.rstrip('/')}/{place}" if not self.where.endswith(":") else f"{self.where}{place}"

    def _size(self, place: str) -> int | None:
        if place in self._waiting:
            return self._waiting[place]
        folder, _, name = place.rpartition("/")
        top = "/".join(place.split("/")[:3]) + "/"  # all objects for the same recipients
        if place.count("/") < 3:
            return dict(self._listed(f"{folder}/")).get(name)
        if top not in self._there:
            self._there[top] = {_short(path): size for path, size in self._listed(top)}
        return self._there[top].get(_short(place.removeprefix(top)))

    def _send_all(self) -> None:
        """Under the lock: who puts meanwhile waits, as the folder is about to be emptied."""
        if not self._waiting:
            return
        root = self._root()
        self._send(root)
        for place, size in self._waiting.items():
            if place.count("/") >= 3:
                top = "/".join(place.split("/")[:3]) + "/"
                self._there.setdefault(top, {})[_short(place.removeprefix(top))] = size
            (root / place).unlink(missing_ok=True)
        self._waiting.clear()


class Rclone(ProgramStore):
    """`remote:path`, as rclone's own configuration knows it."""

    program = "rclone"

    def read(self, place: str) -> Iterator[bytes]:
        """As a stream."""
        return _stream(["rclone", "cat", self._at(place)])

    def _listed(self, below: str) -> Iterator[tuple[str, int]]:
        command = ["rclone", "lsf", "--recursive", "--files-only", "--format", "sp", self._at(below)]
        for line in _lines(command):
            size, _, name = line.partition(";")
            yield name, int(size)

    def _send(self, folder: Path) -> None:
        # A file that is there with another size is one that somebody has changed: --immutable says so.
        _run(["rclone", "copy", "--ignore-existing", "--transfers", "8", str(folder), self.where])


class Rsync(ProgramStore):
    """`host:path`, by ssh, `host::module/path` or `rsync://host/module/path`."""

    program = "rsync"

    def read(self, place: str) -> Iterator[bytes]:
        """By way of a file that is gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="slipway-media-") as folder:
            path = Path(folder, "one")
            _run(["rsync", "--times", "--protect-args", self._at(place), str(path)])
            with path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk

    def _listed(self, below: str) -> Iterator[tuple[str, int]]:
        for line in _lines(["rsync", "--recursive", "--list-only", "--no-h", "--protect-args", self._at(below)]):
            kind, size, _, _, name = line.split(None, 4)
            if kind.startswith("-") and not name.rpartition("/")[2].startswith("."):
                yield name, int(size.replace(",", ""))

    def _send(self, folder: Path) -> None:
        # A file appears under its name when it is whole: rsync writes it under another one before.
        where = self.where if self.where.endswith(":") else f"{self.where.rstrip('/')}/"
        options = ["--recursive", "--ignore-existing", "--mkpath", "--protect-args", "--checksum"]
        _run(["rsync", *options, f"{folder}/", where])


def require(program: str) -> None:
    """Before anything is read: the program that the target needs."""
    if shutil.which(program) is None:
        raise ExplainedError(
            f"cannot reach a target by {program}",
            "there is no such program on the PATH",
            hint=f"install it where the copy runs (the ops image has it), then look: {program} --version",
        )


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(
        command, env=_env(), stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        raise _failed(command, done.returncode, done.stderr)


def _stream(command: Sequence[str]) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, env=_env(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said)
        assert child.stdout is not None  # noqa: S101 - it was asked for
        try:
            while chunk := child.stdout.read(CHUNK):
                yield chunk
            if code := child.wait():
                said.seek(0)
                raise _failed(command, code, said.read().decode(errors="replace"))
        finally:
            child.stdout.close()
            if child.poll() is None:
                child.kill()
                child.wait()


def _lines(command: Sequence[str]) -> Iterator[str]:
    """Of what it lists; nothing where the folder is not there."""
    kept = b""
    try:
        for chunk in _stream(command):
            *whole, kept = (kept + chunk).split(b"\n")
            yield from (line.decode() for line in whole if line)
    except ExplainedError as error:
        if not any(words in str(error) for words in NOT_THERE):
            raise
        return
    if kept:
        yield kept.decode()


def _failed(command: Sequence[str], code: int, said: str) -> ExplainedError:
    told = " ".join("; ".join(said.strip().splitlines()[-LINES:]).split()) or "it said nothing"
    return ExplainedError(
        f"{command[0]} ended with {code}", told, hint=f"try it by hand: {command[0]} --help, MEDIA_BACKUP_TARGET"
    )


def _env() -> Mapping[str, str]:
    """Its own words, whatever the language here."""
    return {**os.environ, "LC_ALL": "C"}


def _short(path: str) -> bytes:
    """A hundred thousand of them are held: a digest as its bytes."""
    name = path.rpartition("/")[2]
    try:
        return bytes.fromhex(name)
    except ValueError:
        return path.encode()
