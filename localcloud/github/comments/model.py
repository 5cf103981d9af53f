"""A comment on an issue or a pull request."""

from __future__ import annotations

from typing import ClassVar

from localcloud.github.store import Record


class Comment(Record):
    """Its id is its number."""

    kind: ClassVar[str] = "comment"

    repository: str
    issue: str
    number: int
    user: str
    body: str
    created_at: str
    updated_at: str
