"""Which commit each branch was last seen at: what a push is told apart by."""

from __future__ import annotations

from typing import ClassVar

from localcloud.github.store import Record


class Seen(Record):
    """A branch or tag by its whole name in the bare repository, a fork's with its namespace."""

    kind: ClassVar[str] = "seen"

    sha: str
