"""How a restore differs from the one that a person asks for by its command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ops.backups.place import Place
from ops.restores import checks
from ops.restores.sources import Source


def nothing(address: str) -> list[str]:
    """Leave it as it was restored."""
    return []


@dataclass(frozen=True)
class Means:
    """By default, in nothing."""

    origin: Place | None = None
    """Whose backup it is, where it is another environment's."""
    source: Source | None = None
    """What is restored, where it is known already."""
    prepare: Callable[[str], list[str]] = nothing
    """Done to the restored database, by its address, before anybody can see it; what is to be known of that."""
    quiet: Callable[[Place], None] = checks.quiet
    """Refuses while somebody works with the live database."""
    replaces: bool = False
    """Whether the database that the restore before has kept goes, once this one is whole; else it is refused."""
    leaves_nothing: bool = False
    """Whether what was broken off is removed, also where it could be gone on with."""


USUAL = Means()
