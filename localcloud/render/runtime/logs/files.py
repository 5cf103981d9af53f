"""The log of each service: what its instances write, stamped with the time, and what the API adds.

Instances write straight into files of their own, so that they never wait for us or break when we die. A collector
carries new lines over into the service's one stamped file, and both files have a limit.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections import deque
from datetime import UTC, datetime, timedelta
from pathlib import Path

from localcloud.machine import clock, paths
from localcloud.render.runtime.processes.commands import Tail
from localcloud.render.runtime.values import LogLine, LogType

COLLECT_SECONDS = 0.25
LARGEST_RAW = 1024 * 1024
LARGEST_LOG = 8 * 1024 * 1024


class FileLogs:
    """Every service's log."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._tails: dict[tuple[str, str], Tail] = {}
        self._latest = datetime.min.replace(tzinfo=UTC)
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Begin to collect. May be called again."""
        if self._thread is None or not self._thread.is_alive():
            self._stopped.clear()
            self._thread = threading.Thread(target=self._collect_on, name="logs", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Collect a last time and end."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.collect()

    def follow(self, service_id: str, instance: str) -> Path:
        """The file that an instance is to write into; its lines appear in the service's log."""
        path = _folder(service_id) / f"{instance}.log"
        with self._lock:
            self._tails.setdefault((service_id, instance), Tail(path, _size(path)))
        return path

    def finish(self, service_id: str, instance: str) -> None:
        """Carry over an ended instance's last lines and let its file go."""
        with self._lock:
            tail = self._tails.pop((service_id, instance), None)
            if tail:
                self._carry(service_id, instance, tail, final=True)
                tail.path.unlink(missing_ok=True)

    def append(self, service_id: str, text: str, *, type: LogType, instance: str) -> None:
        """Add a line."""
        with self._lock:
            self._write(service_id, instance, type, text.splitlines() or [""])

    def read(self, service_id: str, *, limit: int, since: str | None = None) -> list[LogLine]:
        """The newest `limit` lines after `since`, oldest first."""
        with self._lock:
            for (owner, instance), tail in list(self._tails.items()):
                if owner == service_id:
                    self._carry(owner, instance, tail)
            current = _file(service_id)
            newest: deque[LogLine] = deque(maxlen=max(0, limit))
            for path in (current.with_suffix(".1"), current):
                with contextlib.suppress(FileNotFoundError), path.open(encoding="utf-8", errors="replace") as file:
                    newest.extend(
                        line for raw in file if (line := _parse(raw)) and (not since or line.timestamp > since)
                    )
        return list(newest)

    def remove(self, service_id: str) -> None:
        """Forget a service's log."""
        with self._lock:
            for key in [key for key in self._tails if key[0] == service_id]:
                del self._tails[key]
            shutil.rmtree(_folder(service_id), ignore_errors=True)

    def collect(self) -> None:
        """Carry over all that is new."""
        with self._lock:
            for (service_id, instance), tail in list(self._tails.items()):
                self._carry(service_id, instance, tail)

    def _collect_on(self) -> None:
        while not self._stopped.wait(COLLECT_SECONDS):
            with contextlib.suppress(OSError):  # a full disk: tried again, nothing is lost meanwhile
                self.collect()

    def _carry(self, service_id: str, instance: str, tail: Tail, *, final: bool = False) -> None:
        before = tail.offset
        lines = tail.lines(final=final)
        try:
            self._write(service_id, instance, "app", lines)
        except OSError:
            tail.offset = before
            raise
        if tail.offset > LARGEST_RAW and tail.offset == _size(tail.path):
            # The writer appends, so it goes on at the new end.
            with contextlib.suppress(FileNotFoundError), tail.path.open("r+b") as file:
                file.truncate(0)
            tail.offset = 0

    def _write(self, service_id: str, instance: str, kind: LogType, lines: list[str]) -> None:
        if not lines:
            return
        path = _file(service_id)
        if _size(path) > LARGEST_LOG:
            path.replace(path.with_suffix(".1"))
        # Each line has a time of its own, later than all before: readers go on from the last one they saw.
        moment = max(clock.now(), self._latest + timedelta(microseconds=1))
        with path.open("a", encoding="utf-8", errors="replace") as file:
            for line in lines:
                stamp = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
                file.write(f"{stamp}\t{kind}\t{instance}\t{line}\n")
                moment += timedelta(microseconds=1)
        self._latest = moment


def _parse(raw: str) -> LogLine | None:
    stamp, kind, instance, text = [*raw.rstrip("\n").split("\t", 3), "", "", ""][:4]
    if kind not in ("build", "app"):
        return None
    return LogLine(timestamp=stamp, text=text, instance=instance, type="build" if kind == "build" else "app")


def _folder(service_id: str) -> Path:
    return paths.folder("render", "logs", service_id)


def _file(service_id: str) -> Path:
    return _folder(service_id) / "service.stamped"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
