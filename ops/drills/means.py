"""What a drill needs of everything outside, so that it can be told as a story, and tried with others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from infra.application import Application
from ops.doors.application import Django
from ops.doors.postgres import Scratch
from ops.drills.book import Told
from ops.drills.report import Opened, Ran
from ops.migrations.schema import Rows


class Manifest(Protocol):
    """What is known of a backup before it is read."""

    @property
    def id(self) -> str: ...
    @property
    def started(self) -> datetime: ...
    @property
    def server_major(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def recipients(self) -> tuple[str, ...]: ...
    @property
    def release(self) -> str | None: ...
    @property
    def contents(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Opener:
    """The key that opens the backup, and signs the report; it shows in no text."""

    opened: Opened
    identity: str
    key: Any
    """As the restore wants it."""

    def __repr__(self) -> str:
        return f"Opener({self.opened.by}, {self.opened.recipient})"


@dataclass(frozen=True)
class Candidate:
    """The application that is started on the data."""

    django: Django
    application: Application
    ran: Ran


class Means(Protocol):
    """All of it."""

    @property
    def rows(self) -> Rows:
        """What a query gives."""

    @property
    def refused(self) -> Callable[..., str]:
        """Why PostgreSQL does not carry out a statement; empty where it did."""

    def backup(self, wanted: str) -> tuple[Manifest, list[str]]:
        """The one of that name, else the newest that is whole; and what is wrong with those that are newer."""

    def opener(self, manifest: Any) -> Opener:
        """Whoever opens it."""

    def scratch(self, version: str) -> AbstractContextManager[Scratch]:
        """A server that is gone afterwards."""

    def restore(self, manifest: Any, opener: Opener, scratch: Scratch) -> str:
        """The address of a new database there that has all of it."""

    def differences(self, manifest: Any, url: str) -> list[str]:
        """What is in that database otherwise than the manifest says."""

    def media(self, manifest: Any, url: str) -> Told:
        """Files that the database names, and the copy lacks."""

    def candidate(self, manifest: Any) -> AbstractContextManager[Candidate]:
        """The release of the manifest, or the one that has to do."""
