"""What is said when something is merged."""

from __future__ import annotations

from typing import Literal

from localcloud.github.api.call import Body


class MergePut(Body):
    """PUT of a pull request's merge."""

    commit_title: str | None = None
    commit_message: str | None = None
    sha: str | None = None
    merge_method: Literal["merge", "squash", "rebase"] = "merge"


class MergePost(Body):
    """POST of a merge of one branch into another."""

    base: str
    head: str
    commit_message: str | None = None
