"""A repository: the one of this machine, or somebody's fork of it."""

from __future__ import annotations

from typing import ClassVar

from localcloud.github.store import Record


class Repository(Record):
    """What GitHub knows of it beside its commits; the id is `owner/name` in small letters."""

    kind: ClassVar[str] = "repository"

    owner: str
    name: str
    number: int
    private: bool = True
    default_branch: str = "main"
    parent: str = ""
    """The id of the repository that it is a fork of."""
    allow_merge_commit: bool = True
    allow_squash_merge: bool = True
    allow_rebase_merge: bool = True
    delete_branch_on_merge: bool = False
    created_at: str
    pushed_at: str

    @property
    def full_name(self) -> str:
        """As GitHub writes it."""
        return f"{self.owner}/{self.name}"

    @property
    def refs(self) -> str:
        """Where its refs are in the bare repository: a fork's are a namespace (gitnamespaces(7))."""
        return f"refs/namespaces/{self.owner.lower()}/refs" if self.parent else "refs"

    @property
    def heads(self) -> str:
        """Where its branches are."""
        return f"{self.refs}/heads/"
