"""Which refs are protected, in a file that Git's hook can look at without starting Python."""

from __future__ import annotations

from pathlib import Path

from localcloud.github.protection.model import Protection
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub
from localcloud.machine.paths import folder, write_atomically


def marked() -> Path:
    """Where they stand, one a line; empty or not there while none is protected."""
    return folder("github") / "protected"


def mark(github: GitHub) -> None:
    """Write them down anew."""
    lines = [
        f"{github.store.find(Repository, one.repository).heads}{one.branch}\n" for one in github.store.all(Protection)
    ]
    write_atomically(marked(), "".join(lines).encode())
