"""Keeps what the AWS services know: one file a service, written soon after each change, read at the start."""

from __future__ import annotations

import hashlib
import logging
import shlex
import threading
from pathlib import Path
from typing import Any

import moto
from moto.backends import get_backend

from console.errors import ExplainedError
from localcloud.aws import pickling, services
from localcloud.aws.call import SERVICES
from localcloud.aws.services.s3 import bodies, objects
from localcloud.machine.paths import folder, write_atomically

SAVE_SECONDS = 0.3
KEPT = (*SERVICES.values(), "s3control")
_HEADER = b"slipway aws state 3, moto " + moto.__version__.encode() + b"\n"
_log = logging.getLogger(__name__)


class State:
    """moto's backends and their files.

    moto's models know no locks: whoever reads or changes them holds `lock`.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.failure: str | None = None
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._saved: dict[str, bytes] = {}
        self._loaded: set[str] = set()
        self._thread = threading.Thread(target=self._save_when_changed, name="state", daemon=True)

    def load(self) -> None:
        """Read every file there is."""
        for service in KEPT:
            path = _path(service)
            if path.exists():
                self._load(service, path)

    def use(self, service: str) -> None:
        """From now on this service's state is kept."""
        services.prepare(service)
        self._loaded.add(service)

    def uses(self, service: str) -> bool:
        """Whether that service is kept, because something of it was there or was called."""
        return service in self._loaded

    def touch(self) -> None:
        """Something may have changed: save within half a second."""
        self._changed.set()

    def start(self) -> None:
        """Begin to save in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Save a last time; an error is the caller's."""
        self._stopping.set()
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self.save()

    def save(self) -> list[str]:
        """Write the files of the services that changed since; gives their names.

        Comparing what would be written is cheap, and knows of changes that one service makes in another.
        """
        with self.lock:
            contents = {service: pickling.freeze(backends(service)) for service in sorted(self._loaded)}
            unneeded = bodies.released(objects.referred)
        written = []
        for service, content in contents.items():
            digest = hashlib.sha256(content).digest()
            if self._saved.get(service) != digest:
                write_atomically(_path(service), _HEADER + content)
                self._saved[service] = digest
                written.append(service)
        with self.lock:  # not before: what is written down must never refer to a body that is gone
            bodies.forget(unneeded, objects.referred)
        return written

    def _save_when_changed(self) -> None:
        while not self._stopping.is_set():
            self._changed.wait()
            self._stopping.wait(SAVE_SECONDS)
            self._changed.clear()
            try:
                self.save()
                self.failure = None
            except Exception as error:  # noqa: BLE001 # a full disk, or something that cannot be pickled
                # Said to each client that wants to change something, until it works again.
                self.failure = f"cannot save the local cloud's state: {error}"
                _log.exception("%s", self.failure)
                self._stopping.wait(1.0)
                self._changed.set()

    def _load(self, service: str, path: Path) -> None:
        content = path.read_bytes()
        header, _, frozen = content.partition(b"\n")
        if header + b"\n" != _HEADER:
            written_by = header.decode("ascii", "replace")[:80]
            raise ExplainedError(
                f"cannot read {path}",
                f"another version wrote it: it says {written_by!r}, this is {_HEADER.decode().strip()!r}",
                hint="./slipway local reset, which forgets all that the local cloud has; or use that version",
            )
        self.use(service)
        try:
            backends = pickling.thaw(frozen)
        except Exception as error:  # a damaged pickle can raise anything
            raise ExplainedError(
                f"cannot read {path}",
                f"{type(error).__name__}: {error}",
                hint="to go on without what it holds, and keep it: "
                f"mv {shlex.quote(str(path))} {shlex.quote(str(path))}.aside",
            ) from error
        for (account, region), backend in backends.items():
            _moto(service)[account][region] = backend
        self._saved[service] = hashlib.sha256(frozen).digest()


def _path(service: str) -> Path:
    return folder("aws", "state") / f"{service}.pickle"


def backends(service: str) -> dict[tuple[str, str], Any]:
    """moto's backends of a service, by account and region."""
    return {(account, region): backend for account, region, backend in _moto(service).iter_backends()}


def _moto(service: str) -> Any:
    return get_backend(service)  # type: ignore[call-overload] # moto's signature lists each name
