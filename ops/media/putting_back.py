"""A restore of media from what is asked for to what was done, by the doors of an environment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from console.errors import REFUSED, ExplainedError
from console.output import counted
from ops.backups import keys
from ops.environments.approval import approve
from ops.media import restoring
from ops.media.backing_up import Media
from ops.media.folder import IntoFolder
from ops.media.inventory import Inventory
from ops.media.kept import Shelf
from ops.media.restoring import IntoBucket, Plan, Restored, Where


@dataclass(frozen=True)
class Wish:
    """What is asked for."""

    run: str = ""
    at: datetime | None = None
    into: Path | None = None
    only_missing: bool = False
    by_target: bool = False
    key: Path | None = None


@dataclass
class Back:
    """What would be put back, and from where."""

    run: str
    plan: Plan
    where: Where
    identities: tuple[Any, ...]

    def close(self) -> None:
        """Forget the list."""
        self.plan.close()


def prepare(media: Media, wish: Wish) -> Back:
    """Look what is missing or different; change nothing."""
    identities = keys.key(media.place.stack, media.place.clients, wish.key).identities
    inventory = _inventory(media, wish, identities)
    where: Where = IntoFolder(wish.into) if wish.into else IntoBucket(media.bucket)
    try:
        plan = restoring.plan(inventory.entries(), where, only_missing=wish.only_missing)
        return Back(inventory.header.id, plan, where, identities)
    finally:
        inventory.close()


def carry_out(media: Media, back: Back, *, yes: bool) -> Restored:
    """What others use changes only where that was said."""
    if not back.plan.files:
        return Restored()
    what = f"put {counted(back.plan.files, 'file')} back into {back.where.shown}, which is"
    if isinstance(back.where, IntoFolder):
        if back.plan.counts["different"] and not yes:
            raise ExplainedError(
                "refused",
                f"{counted(back.plan.counts['different'], 'file')} in {back.where.shown} would be replaced by others",
                hint="with --yes they are, with --only-missing they stay",
                code=REFUSED,
            )
    else:
        approve(media.place.cloud, media.place.stack, what, f"restore media {media.environment}", yes=yes)
    return restoring.carry_out(back.plan, back.where, media.store, back.identities)


def _inventory(media: Media, wish: Wish, identities: tuple[Any, ...]) -> Inventory:
    """Where a target is named, the sealed one that lies there: the backup bucket may be gone."""
    if media.target.is_own(media.place.objects.name) or not wish.by_target:
        return media.own.get(media.own.pick(run=wish.run, at=wish.at))
    there = Shelf(media.store, media.environment, media.target.shown)
    return there.get_sealed(there.pick(run=wish.run, at=wish.at), identities)
