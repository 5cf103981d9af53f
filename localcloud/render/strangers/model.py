"""Names that somebody else's services have: they are taken across all of Render, not only in this workspace."""

from __future__ import annotations

from typing import ClassVar

from localcloud.render.api.store import Record, Store


class Stranger(Record):
    """One such name: its slug is its id."""

    kind: ClassVar = "stranger"


def taken_slugs(store: Store) -> set[str]:
    """Those that no service of ours can have."""
    return {stranger.id for stranger in store.all(Stranger)}
