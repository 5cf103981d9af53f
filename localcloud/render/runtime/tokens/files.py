"""Keeps a fresh token in a file for each thing that runs, by the local cloud's clock."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from localcloud.machine import clock
from localcloud.machine.paths import write_atomically

AUDIENCE = "sts.amazonaws.com"
VARIABLE = "AWS_WEB_IDENTITY_TOKEN_FILE"
LIFETIME = timedelta(hours=1)
RENEWED_AFTER = LIFETIME / 2
LOOK_SECONDS = 0.5

Sign = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class _File:
    path: Path
    service_id: str
    subject: str
    since: datetime
    mode: int


class TokenFiles:
    """One thread renews them all, while there are any; a jump of the clock is seen at its next look."""

    def __init__(self, sign: Sign) -> None:
        self._sign = sign
        self._files: dict[str, _File] = {}
        self._subjects: dict[str, str] = {}  # of services that were moved since they were launched
        self._lock = threading.Lock()
        self._looking = False

    def give(self, name: str, path: Path, service_id: str, subject: str, mode: int = 0o600) -> dict[str, str]:
        """Write a token for what runs under that name; returns the variable that tells it where."""
        with self._lock:
            self._write(name, _File(path, service_id, subject, clock.now(), mode))
            if not self._looking:
                self._looking = True
                threading.Thread(target=self._look, name="tokens", daemon=True).start()
        return {VARIABLE: str(path)}

    def rename(self, service_id: str, subject: str) -> None:
        """All tokens of a service speak of that from now on."""
        with self._lock:
            self._subjects[service_id] = subject
            for name, file in list(self._files.items()):
                if file.service_id == service_id:
                    self._write(name, file)

    def forget(self, name: str) -> None:
        """Write it no more, from now on: its folder may be deleted."""
        with self._lock:
            self._files.pop(name, None)

    def _look(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            with self._lock:
                self._looking = bool(self._files)
                if not self._looking:
                    return
                try:
                    self._renew(clock.now())
                except Exception as error:  # noqa: BLE001 # a full disk: the next look tries again
                    print(f"cannot renew a token: {error}", file=sys.stderr, flush=True)

    def _renew(self, now: datetime) -> None:
        for name, file in list(self._files.items()):
            if not file.since <= now < file.since + RENEWED_AFTER:
                self._write(name, file)

    def _write(self, name: str, file: _File) -> None:
        now, subject = clock.now(), self._subjects.get(file.service_id, file.subject)
        issued, ends = int(now.timestamp()), int((now + LIFETIME).timestamp())
        claims = {"sub": subject, "aud": AUDIENCE, "iat": issued, "nbf": issued, "exp": ends, "jti": str(uuid4())}
        write_atomically(file.path, self._sign(claims).encode(), file.mode)
        self._files[name] = replace(file, since=now)
