"""Commits as Git has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from localcloud.github.git.repository import git
from localcloud.github.store import stamp

FIELD, END = "\x1f", "\x1e"
FORMAT = FIELD.join(("%H", "%T", "%P", "%an", "%ae", "%at", "%cn", "%ce", "%ct", "%B")) + END


@dataclass(frozen=True)
class Signature:
    """Who, when."""

    name: str
    email: str
    date: str


@dataclass(frozen=True)
class Commit:
    """One commit."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str

    @property
    def subject(self) -> str:
        """The first line of its message."""
        return self.message.partition("\n")[0]


def log(*what: str) -> list[Commit]:
    """The commits that `git log` lists, in its order."""
    said = git("log", f"--format=tformat:{FORMAT}", *what)
    return [_parse(text.lstrip("\n")) for text in said.split(END) if text.strip()]


def read(sha: str) -> Commit:
    """One commit."""
    return log("-1", sha, "--")[0]


def between(base: str, head: str) -> list[Commit]:
    """What `head` has and `base` has not, oldest first."""
    return log("--reverse", "--topo-order", f"{base}..{head}", "--")


def _parse(text: str) -> Commit:
    parts: Sequence[str] = text.split(FIELD, 9)
    sha, tree, parents, an, ae, at, cn, ce, ct, message = parts
    return Commit(
        sha=sha,
        tree=tree,
        parents=tuple(parents.split()),
        author=Signature(an, ae, _moment(at)),
        committer=Signature(cn, ce, _moment(ct)),
        message=message.rstrip("\n"),
    )


def _moment(seconds: str) -> str:
    return stamp(datetime.fromtimestamp(int(seconds), UTC))
