"""A pull request: an issue, and the branch that it proposes for another."""

from __future__ import annotations

from typing import ClassVar

from localcloud.github.store import Record


class Pull(Record):
    """What it has beside its issue, under the same id."""

    kind: ClassVar[str] = "pull"

    repository: str
    """Where it was opened: the base's."""
    number: int
    draft: bool = False
    head_repository: str
    """Another than `repository` when it comes from a fork."""
    head_ref: str
    head_sha: str
    base_ref: str
    base_sha: str
    maintainer_can_modify: bool = False
    reviewers: tuple[str, ...] = ()
    merge_sha: str | None = None
    """The test merge while it is open, afterwards the commit that merged it."""
    tested: tuple[str, str] = ("", "")
    """Base and head that the test merge was made of."""
    conflicts: bool = False
    merging: str = ""
    """The commit that a merge is about to put into the base; one that is killed then is finished by the next look."""
    merged_at: str | None = None
    merged_by: str | None = None

    @property
    def from_fork(self) -> bool:
        """Whether its head is another owner's: what runs for it gets no secret and may change nothing."""
        return self.head_repository != self.repository

    @property
    def merge_ref(self) -> str:
        """What a workflow of it checks out."""
        return f"refs/pull/{self.number}/merge"
