"""What git says of this checkout: trees, commits and files at a revision."""

from __future__ import annotations

from dataclasses import dataclass

from ops.context import Doors
from ops.doors.programs import ROOT


@dataclass(frozen=True)
class Checkout:
    """The one that these commands are of."""

    doors: Doors

    def tree(self, revision: str) -> str | None:
        """The tree of a revision; None for one that it does not have."""
        named = f"{revision}^{{tree}}"
        return self.doors.git_answer(ROOT, "rev-parse", "--verify", "--quiet", "--end-of-options", named)

    def log(self, branch: str, *without: str) -> list[str] | None:
        """The commits that a remote branch has and others have not, newest first; None where one is not known."""
        ends = (f"refs/remotes/origin/{branch}", *(f"^refs/remotes/origin/{other}" for other in without))
        said = self.doors.git_answer(ROOT, "log", "--no-merges", "--format=%h %s", *ends, "--")
        return None if said is None else said.splitlines()

    def added(self, branch: str, into: str) -> list[str]:
        """The files that a remote branch has made since it left another; none where that is not known."""
        ends = f"refs/remotes/origin/{into}...refs/remotes/origin/{branch}"
        said = self.doors.git_answer(ROOT, "diff", "--name-only", "--diff-filter=A", ends, "--")
        return (said or "").splitlines()

    def merged(self, branch: str, into: str) -> str | None:
        """The tree of a remote branch merged into another; None where that takes a person."""
        ends = (f"refs/remotes/origin/{into}", f"refs/remotes/origin/{branch}")
        return self.doors.git_answer(ROOT, "merge-tree", "--write-tree", *ends)

    def file(self, revision: str, path: str) -> str | None:
        """A file as it was at a revision; None where it was not there."""
        return self.doors.git_answer(ROOT, "show", f"{revision}:{path}")
